"""The place of a conference."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString

from conference.models.limited_access import get_limited_access

COORDINATE = {"max_digits": 8, "decimal_places": 5, "null": True, "blank": True}


class VenueQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the venues that `user` may see in the admin: those of their events, and those without events."""
        access = get_limited_access(user)
        if access is None:
            return self
        return self.filter(models.Q(events__in=access.events.all()) | models.Q(events=None)).distinct()


class Venue(models.Model):
    name = I18nCharField(_("name"))
    street = I18nCharField(_("street and number"))
    city = I18nCharField(_("city"))
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    country = CountryField(_("country"), default="LV")
    latitude = models.DecimalField(
        _("latitude"),
        **COORDINATE,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("Degrees north. Used with the longitude for the link to the map."),
    )
    longitude = models.DecimalField(
        _("longitude"),
        **COORDINATE,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text=_("Degrees east."),
    )
    directions = I18nTextField(_("how to get there"), blank=True, help_text=_("Markdown."))
    accessibility = I18nTextField(_("accessibility"), blank=True, help_text=_("Markdown."))

    objects = VenueQuerySet.as_manager()

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")

    def __str__(self):
        return str(self.name)

    @property
    def address(self) -> str:
        """Street, city and postal code on one line in the active language."""
        return ", ".join(map(str, self.address_parts))

    @property
    def address_parts(self) -> list[LazyI18nString | str]:
        """The parts of `address`, each as it is stored."""
        return [part for part in (self.street, self.city, self.postal_code) if part]

    @property
    def coordinates(self) -> tuple[Decimal, Decimal] | None:
        """Latitude and longitude, or None unless both are known."""
        is_complete = self.latitude is not None and self.longitude is not None
        return (self.latitude, self.longitude) if is_complete else None

    @property
    def map_url(self) -> str:
        """The venue on OpenStreetMap, or an empty string without coordinates."""
        if self.coordinates is None:
            return ""
        latitude, longitude = self.coordinates
        return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
