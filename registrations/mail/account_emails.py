"""E-mails to people who log in, about their accounts. They are found by address when the e-mail is written."""

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import get_language

from conference.site_urls import absolute_url
from registrations.models import OutgoingEmail

Kind = OutgoingEmail.Kind


def queue_password_reset(address: str) -> None:
    """Ask the sender to e-mail links for a new password to `address`, if it is of an account."""
    # The sender looks, so that the visitor's page takes the same time for every address.
    OutgoingEmail.objects.create(kind=Kind.PASSWORD_RESET, language=get_language(), to=address)


def queue_account_notice(user: User, kind: str) -> None:
    """Tell the user by e-mail what happened to the account."""
    if user.email:
        OutgoingEmail.objects.create(kind=kind, language=get_language(), to=user.email)


def find_accounts(address: str) -> list[User]:
    """Return the accounts with this address that can log in with a password."""
    users = User.objects.filter(email__iexact=address, is_active=True).order_by("pk")
    return [user for user in users if user.has_usable_password()]


def get_account_context(email: OutgoingEmail) -> dict:
    """Return what such an e-mail tells: the site, and for a new password each account's name and link."""
    if email.kind != Kind.PASSWORD_RESET:
        return {"site": settings.SITE_HOST}
    links = [(user.get_username(), build_reset_url(user)) for user in find_accounts(email.to)]
    return {"site": settings.SITE_HOST, "links": links}


def build_reset_url(user: User) -> str:
    """Return the address where whoever opens it chooses a new password for the account, once."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return absolute_url(reverse("account_set_new_password", args=[key, token]))
