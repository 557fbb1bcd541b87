"""The addresses that published events had before, which still lead to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models.event import Event


class EarlierAddressManager(models.Manager):
    def find_address(self, slug: str) -> str | None:
        """Return the address now of the published event that had this one before, if there is one."""
        return self.filter(slug=slug, event__is_published=True).values_list("event__slug", flat=True).first()

    def keep(self, event: Event, slug: str) -> None:
        """Let `slug` lead to the event too, which now has another address."""
        self.update_or_create(slug=slug, defaults={"event": event})

    def take(self, event: Event) -> Event | None:
        """Let the event's own address lead to it alone; return the other event that had it before, if one had."""
        taken = self.filter(slug=event.slug).select_related("event").first()
        if taken is None:
            return None
        taken.delete()
        return None if taken.event == event else taken.event


class EarlierAddress(models.Model):
    """A row leads to the event itself, so that no address leads through another one."""

    slug = models.SlugField(_("address"), primary_key=True)
    event = models.ForeignKey(Event, models.CASCADE, related_name="earlier_addresses", verbose_name=_("event"))

    objects = EarlierAddressManager()

    class Meta:
        verbose_name = _("earlier address")
        verbose_name_plural = _("earlier addresses")
        default_permissions = ()
        ordering = ["slug"]

    def __str__(self):
        return self.slug
