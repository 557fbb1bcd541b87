"""That an event was cancelled: a fact with its date, and what the organisers say about it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nTextField


class Cancellation(models.Model):
    """Written by `registrations.operations.event_cancellation` alone, which tells the people.

    The registrations keep their status: it is the event that is cancelled.
    """

    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    cancellation_note = I18nTextField(
        _("what people should know"),
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("Optional: the reason, a new date, who to ask. It is shown on the event's page and in the e-mail."),
    )

    class Meta:
        abstract = True

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None
