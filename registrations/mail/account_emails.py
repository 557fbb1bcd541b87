"""E-mails to people who log in, about their accounts. They are found by address when the e-mail is written."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import get_language

from conference.site_urls import absolute_url
from registrations.models import OutgoingEmail

Kind = OutgoingEmail.Kind

# How long the link of an invitation works, from when its e-mail is sent.
INVITATION_TIMEOUT = timedelta(days=7)


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


def queue_invitation(user: User, language: str) -> None:
    """E-mail a link to the user, who has no password yet. Links that were sent before stop working."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    OutgoingEmail.objects.create(kind=Kind.INVITATION, language=language, to=user.email)


def is_invited(user: User) -> bool:
    """Whether the user was invited and has not come yet."""
    return user.is_active and user.is_staff and user.last_login is None and not user.has_usable_password()


def find_invited(address: str) -> list[User]:
    """Return the account with this address whose invitation is open; a list, as `find_accounts`."""
    return [user for user in User.objects.filter(email__iexact=address).order_by("pk") if is_invited(user)][:1]


class InvitationTokenGenerator:
    """Makes the secret part of an invitation's link, as Django's generator does for a new password.

    It works once, as it depends on what stands in the place of the password that is still to be chosen.
    """

    signer = TimestampSigner(salt="registrations.invitation")

    def make_token(self, user: User) -> str:
        return self.signer.sign(hash_invitation(user))

    def check_token(self, user: User, token: str) -> bool:
        try:
            signed = self.signer.unsign(token, max_age=INVITATION_TIMEOUT)
        except BadSignature:
            return False
        return is_invited(user) and constant_time_compare(signed, hash_invitation(user))


invitation_token_generator = InvitationTokenGenerator()


def hash_invitation(user: User) -> str:
    text = f"{user.pk} {user.email} {user.password}"
    return salted_hmac("registrations.invitation", text, algorithm="sha256").hexdigest()


def get_account_context(email: OutgoingEmail) -> dict:
    """Return what such an e-mail tells: the site, and each account's name and link if it has links."""
    site = {"site": settings.SITE_HOST}
    if email.kind == Kind.PASSWORD_RESET:
        return site | {"links": [(user.get_username(), build_reset_url(user)) for user in find_accounts(email.to)]}
    if email.kind == Kind.INVITATION:
        return site | {"links": [(user.get_username(), build_invitation_url(user)) for user in find_invited(email.to)]}
    return site


def build_reset_url(user: User) -> str:
    """Return the address where whoever opens it chooses a new password for the account, once."""
    return build_secret_url("account_set_new_password", user, default_token_generator)


def build_invitation_url(user: User) -> str:
    """Return the address where whoever opens it chooses the first password of the account, once."""
    return build_secret_url("account_accept_invitation", user, invitation_token_generator)


def build_secret_url(name: str, user: User, generator) -> str:
    key = urlsafe_base64_encode(force_bytes(user.pk))
    return absolute_url(reverse(name, args=[key, generator.make_token(user)]))
