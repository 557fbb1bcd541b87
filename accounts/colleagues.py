"""What organisers do with the accounts of colleagues: invite, change, end and restore them, within their own rights."""

from collections.abc import Iterable

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Permission, User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Colleague
from accounts.roles import set_role
from conference.models import Event, LimitedAccess, get_limited_access
from registrations.mail.account_emails import INVITATION_TIMEOUT, is_invited, queue_invitation
from registrations.rate_limit import count

# How many invitations one user may send in how many seconds; what is refused later counts too.
INVITATIONS_LIMIT = (20, 3600)


def count_invitation(user) -> int:
    """Count an invitation by `user`; returns how many seconds to wait beyond the limit, else 0."""
    return count("invitation", str(user.pk), INVITATIONS_LIMIT)


def find_account(address: str) -> User | None:
    """Return the account that has this address, or has it as user name."""
    return User.objects.filter(Q(email__iexact=address) | Q(username__iexact=address)).order_by("pk").first()


def can_manage(user, colleague: Colleague) -> bool:
    """Whether `user` may change the account: never one's own, a superuser's, or one that may do or see more."""
    if colleague.is_superuser or colleague.pk == user.pk:
        return False
    return user.is_superuser or not (has_further_rights(user, colleague) or has_further_events(user, colleague))


def has_further_rights(user, colleague: Colleague) -> bool:
    """Whether the colleague has a permission that `user` has not; of somebody who left, what they had counts."""
    granted = Permission.objects.filter(Q(user=colleague.pk) | Q(group__user=colleague.pk))
    names = {f"{app}.{code}" for app, code in granted.values_list("content_type__app_label", "codename")}
    return not names <= user.get_all_permissions()


def has_further_events(user, colleague: Colleague) -> bool:
    own, theirs = get_limited_access(user), get_limited_access(colleague)
    if own is None:
        return False
    return theirs is None or theirs.events.exclude(pk__in=own.events.values("pk")).exists()


def set_events(colleague: Colleague, events: Iterable[Event] | None) -> None:
    """Restrict the colleague to these events; None for all of them, also those to come."""
    if events is None:
        LimitedAccess.objects.filter(user_id=colleague.pk).delete()
    else:
        access, _created = LimitedAccess.objects.get_or_create(user_id=colleague.pk)
        access.events.set(events)


def add_colleague(colleague: Colleague, role: str, events: Iterable[Event] | None, language: str) -> None:
    """Store the account of somebody new, who logs in by the e-mail address, and invite them."""
    colleague.username = colleague.email.lower()
    colleague.is_staff = True
    colleague.set_unusable_password()
    colleague.save()
    set_role(colleague, role)
    set_events(colleague, events)
    queue_invitation(colleague, language)


@transaction.atomic
def deactivate(colleague: Colleague) -> None:
    """End the account and all its sessions; an open invitation is withdrawn, and its link stays dead."""
    colleague.is_active = False
    if not colleague.has_usable_password():
        colleague.set_unusable_password()  # another one, so that no link that was sent works again
    colleague.save(update_fields=["is_active", "password"])
    for session in UserSession.objects.filter(user_id=colleague.pk):
        session.end()


@transaction.atomic
def reactivate(colleague: Colleague, language: str) -> None:
    """Let a colleague who left in again; who had never come is invited again."""
    colleague.is_active = True
    colleague.save(update_fields=["is_active"])
    if is_invited(colleague):
        queue_invitation(colleague, language)


def get_state(colleague) -> str:
    """Whether the colleague, from `with_invitation`, was invited, is active or has left, in words."""
    if not colleague.is_active:
        return pgettext_lazy("colleague", "left") if colleague.last_login else _("invitation withdrawn")
    if not is_invited(colleague):
        return pgettext_lazy("colleague", "active")
    if not (colleague.invitation_sent_at or colleague.invitation_next_attempt_at):
        return _("the invitation could not be delivered")
    is_over = colleague.invitation_sent_at and colleague.invitation_sent_at < timezone.now() - INVITATION_TIMEOUT
    return _("the invitation has expired") if is_over else pgettext_lazy("colleague", "invited")
