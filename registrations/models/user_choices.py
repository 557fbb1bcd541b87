"""What the admin remembers of a user: the last export, the event to work on, the columns of the list of people."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import Event


class ExportChoice(models.Model):
    """The format and columns of a user's last export, preselected the next time."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="export_choice")
    format = models.CharField(max_length=20)
    # Names of the columns; those of questions are “answers.” and the key.
    columns = ArrayField(models.CharField(max_length=60))

    class Meta:
        verbose_name = _("last export")
        verbose_name_plural = _("last exports")

    def __str__(self):
        return str(self.user)


class AdminPreferences(models.Model):
    """The event that a user works on (none: all of them), and the columns of their list of people."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="admin_preferences")
    event = models.ForeignKey(Event, models.SET_NULL, null=True, related_name="+", verbose_name=_("event"))
    # Names of columns; those of questions are “answers.” and the key. Null: those that nobody chose.
    columns = ArrayField(models.CharField(max_length=60), null=True)

    class Meta:
        verbose_name = _("preferences in the admin")
        verbose_name_plural = _("preferences in the admin")

    def __str__(self):
        return str(self.user)


def get_chosen_event(user) -> Event | None:
    """Return the event that the user has chosen, if they may see it; None for all. At most one query."""
    events = Event.objects.visible_to(user).defer_long_texts()
    return events.filter(pk__in=AdminPreferences.objects.filter(user=user).values("event")).first()


def has_chosen_all(user) -> bool:
    """Whether the user works on all events together."""
    return AdminPreferences.objects.filter(user=user, event=None).exists()


def choose_event(user, event: Event | None) -> None:
    """Remember the event that the user works on from now on; None for all."""
    AdminPreferences.objects.update_or_create(user=user, defaults={"event": event})
