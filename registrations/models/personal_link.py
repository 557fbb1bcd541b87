"""The secret links of a registration, which are only e-mailed; for people without e-mail, organisers print them."""

from contextlib import suppress

from django.core import signing
from django.db import models
from django.urls import reverse


def get_manage_signer(email: str, version: int) -> signing.Signer:
    """Return the signer of the links of this version that are sent to this address; printed, if it is empty."""
    # Links without a version were sent before there were any.
    purpose = f"registrations.manage.{version}" if version else "registrations.manage"
    return signing.Signer(sep=".", salt=f"{purpose}:{spell_as_signed(email)}")


def spell_as_signed(email: str) -> str:
    """Return the address as links are signed for it: with its domain as it was kept before it was kept in ASCII."""
    local, at, domain = email.rpartition("@")
    if "xn--" in domain:
        with suppress(UnicodeError):  # a domain that was never kept so
            return f"{local}{at}{domain.encode().decode('idna')}"
    return email


class PersonalLink(models.Model):
    """The link to the personal page and the one that confirms a new address, each with a version.

    A version is never used again: so a link that stopped working never opens anything again.
    """

    LINK_FIELDS = ["email", "new_email", "link_version", "new_link_version"]

    link_version = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # Of the link that was sent to the new address. When the address is confirmed, it becomes the personal link.
    new_link_version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    # The secret part of the link that a visitor used. Their pages lead on with it, even if it has just been replaced.
    opened_by = ""

    class Meta:
        abstract = True

    @property
    def manage_token(self) -> str:
        """The secret part of the personal link. It is invalid after a change of address, and after `replace_link`."""
        return self.opened_by or get_manage_signer(self.email, self.link_version).sign(self.reference)

    @property
    def manage_path(self) -> str:
        """The personal link without the host. Not get_absolute_url, which the admin would show to organisers."""
        return reverse("registrations:show", args=[self.manage_token])

    def manage_path_for(self, email: str) -> str:
        """Return the personal link as sent to this address. For an unconfirmed one, it opens the page to confirm it."""
        version = self.link_version if email == self.email else self.new_link_version
        return reverse("registrations:show", args=[get_manage_signer(email, version).sign(self.reference)])

    def has_personal_link(self, token: str) -> bool:
        return self.is_signed_for(self.email, self.link_version, token)

    def has_new_address_link(self, token: str) -> bool:
        return bool(self.new_email) and self.is_signed_for(self.new_email, self.new_link_version, token)

    def is_signed_for(self, email: str, version: int, token: str) -> bool:
        try:
            return get_manage_signer(email, version).unsign(token) == self.reference
        except signing.BadSignature:
            return False

    def use_next_link(self) -> None:
        """Give the personal link a new version, without saving it."""
        self.link_version = self.get_next_link_version()

    def use_next_new_link(self) -> None:
        """Give the link to the new address a new version, without saving it."""
        self.new_link_version = self.get_next_link_version()

    def get_next_link_version(self) -> int:
        return max(self.link_version, self.new_link_version) + 1
