"""Two-step log-in: who has set it up, who must, until when, and taking it away from somebody who lost it."""

from datetime import datetime, timedelta

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import SecondFactorGrace
from registrations.mail.account_emails import queue_account_notice
from registrations.models import OutgoingEmail
from registrations.permissions import ORGANISERS

GRACE = timedelta(days=7)
# More than are valid at any time.
MAX_USED_CODES = 10


def has_second_factor(user) -> bool:
    """Whether the user has an authenticator app or a passkey; recovery codes alone are none."""
    factors = Authenticator.objects.filter(user_id=user.pk)
    return factors.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def is_required(user) -> bool:
    """Whether the site asks this user for a second factor: organisers and superusers, if the setting is on."""
    is_asked = settings.REQUIRE_TWO_FACTOR and user.is_authenticated
    return is_asked and (user.is_superuser or user.groups.filter(name=ORGANISERS).exists())


def get_deadline(user) -> datetime | None:
    """Return until when the user must set up the second factor (UTC), or None if nothing is missing.

    The days of grace begin when this is first asked about somebody. There are queries once per user object, and that
    lives as long as the request.
    """
    if not hasattr(user, "_second_factor_deadline"):
        is_missing = is_required(user) and not has_second_factor(user)
        user._second_factor_deadline = find_deadline(user) if is_missing else None
    return user._second_factor_deadline


def find_deadline(user) -> datetime:
    grace, _created = SecondFactorGrace.objects.get_or_create(user_id=user.pk)
    return grace.began_at + GRACE


def is_overdue(user) -> bool:
    """Whether the user must set up the second factor before doing anything else."""
    deadline = get_deadline(user)
    return deadline is not None and deadline <= timezone.now()


@transaction.atomic
def use_code(app: Authenticator, code: str) -> bool:
    """Note that this valid code of an authenticator app is used now; False if it was used before."""
    app = Authenticator.objects.select_for_update().get(pk=app.pk)
    code, used = normalize_user_code(code), app.data.get("used_codes", [])
    if code in used:
        return False
    app.data["used_codes"] = [*used, code][-MAX_USED_CODES:]
    app.save(update_fields=["data"])
    return True


@transaction.atomic
def reset_second_factor(user) -> int:
    """Remove all factors and recovery codes of the user, and tell the user; returns how many there were.

    All sessions end with them: the phone that was lost may still be logged in.
    """
    number, _by_model = Authenticator.objects.filter(user_id=user.pk).delete()
    if number:
        for session in UserSession.objects.filter(user_id=user.pk):
            session.end()
        queue_account_notice(user, OutgoingEmail.Kind.FACTOR_RESET)
    return number
