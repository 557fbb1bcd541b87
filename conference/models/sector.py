"""The sectors that people of an event come from."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField
from i18nfield.strings import LazyI18nString

from conference.models.event import Event
from conference.models.limited_access import VisibleQuerySet

# What a new event offers, by key, in the site's languages.
DEFAULT_SECTORS = {
    "library": {"lv": "bibliotēkas", "en": "libraries"},
    "lifelong_learning": {"lv": "mūžizglītība", "en": "lifelong learning"},
    "other": {"lv": "cita", "en": "other"},
}


class SectorQuerySet(VisibleQuerySet):
    def create_defaults(self, event: Event) -> None:
        """Give `event`, which has none, the default sectors."""
        rows = enumerate(DEFAULT_SECTORS.items())
        self.bulk_create(
            Sector(event=event, key=key, label=LazyI18nString(label), position=number) for number, (key, label) in rows
        )


class Sector(models.Model):
    """One of the sectors to choose from. Registrations name it by its key, which never changes."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="sectors", verbose_name=_("event"))
    key = models.CharField(max_length=40, editable=False)
    label = I18nCharField(_("sector"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_offered = models.BooleanField(
        _("offered"),
        default=True,
        db_default=True,
        help_text=_("Otherwise nobody can choose it any more; those who chose it before keep it."),
    )

    objects = SectorQuerySet.as_manager()

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "key"], name="sector_key_once_per_event")]

    def __str__(self):
        return str(self.label)
