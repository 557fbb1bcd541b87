"""Users who are restricted to some events."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models.event import Event


class LimitedAccess(models.Model):
    """The only events that a user sees in the admin. Users without a row are unrestricted; an empty row shows none."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="limited_access", verbose_name=_("user")
    )
    events = models.ManyToManyField(
        Event,
        blank=True,
        related_name="+",
        verbose_name=_("events"),
        help_text=_("This user sees these events and their registrations, and nothing of other events."),
    )

    class Meta:
        verbose_name = _("limit to chosen events")
        verbose_name_plural = _("limit to chosen events")

    def __str__(self):
        return str(self.user)
