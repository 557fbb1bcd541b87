"""The entrances of an event, and how its door works."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from conference.models import Event


class DoorQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(event__in=Event.objects.visible_to(user))


class Door(models.Model):
    """An entrance, by the name that helpers know it by."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="doors", verbose_name=_("event"))
    name = models.CharField(_("entrance"), max_length=60)

    objects = DoorQuerySet.as_manager()

    class Meta:
        verbose_name = _("entrance")
        verbose_name_plural = _("entrances")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint("event", Lower("name"), name="door_once_per_event")]

    def __str__(self):
        return self.name


class DoorSettingsQuerySet(models.QuerySet):
    def get_for(self, event: Event) -> "DoorSettings":
        """Return the settings of the event's door, with the defaults if nobody has saved any."""
        return self.filter(event=event).first() or DoorSettings(event=event)


class DoorSettings(models.Model):
    """How the door of an event works. An event without a row has the defaults."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, primary_key=True, related_name="door_settings")
    has_names = models.BooleanField(
        _("phones can search by name"),
        default=False,
        db_default=False,
        help_text=_(
            "Then each paired phone keeps the names and organisations of everybody, also without a network, and a "
            "lost phone can give them away. Otherwise a phone shows a name only after it has scanned that ticket."
        ),
    )
    exceeds_capacity = models.BooleanField(
        _("walk-ins beyond the places"),
        default=False,
        db_default=False,
        help_text=_("Helpers can let people in who have not registered, even if no place is left."),
    )
    checks_out = models.BooleanField(
        _("people check out too"),
        default=False,
        db_default=False,
        help_text=_("For the hours that somebody attended."),
    )
    is_practice = models.BooleanField(
        _("practice"),
        default=False,
        db_default=False,
        help_text=_("Check-ins are kept apart and count nowhere, until they are thrown away at its end."),
    )

    # One of badges.badge_layouts.LAYOUTS that has one badge a page.
    badge_layout = models.CharField(
        _("badges printed at the door"),
        max_length=10,
        default="a7",
        db_default="a7",
        help_text=_("The size in which a helper's browser prints the badge of somebody who has just been let in."),
    )
    # By the database's clock; phones without a network hear of it later.
    practice_ended_at = models.DateTimeField(null=True, editable=False)

    objects = DoorSettingsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("door settings")

    def __str__(self):
        return str(self.event)
