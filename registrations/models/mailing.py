"""Messages that organisers write to many people."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from conference.models import get_limited_access
from registrations.placeholders import validate_placeholders, validate_subject


class MailingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return all mailings, or those that went only to people of the events that `user` is restricted to."""
        access = get_limited_access(user)
        if access is None:
            return self
        of_their_events = Count("emails", filter=Q(emails__registration__event__in=access.events.all()))
        counted = Mailing.objects.annotate(all_of_it=Count("emails"), theirs=of_their_events)
        return self.filter(pk__in=counted.filter(theirs=F("all_of_it"), theirs__gt=0).values("pk"))


class Mailing(models.Model):
    """A message from organisers to many people at once. The outbox has one e-mail for each of them."""

    # Generated for the preview, so that confirming it twice sends it once.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = I18nCharField(_("subject"), validators=[validate_subject])
    text = I18nTextField(_("text"), validators=[validate_placeholders])
    has_calendar = models.BooleanField(
        _("with the calendar file"),
        default=False,
        db_default=False,
        help_text=_("For people with a place: opening it moves the entry in their calendar, or adds it."),
    )
    # Its e-mails tell who has needs, so the admin shows only how many there are.
    is_about_needs = models.BooleanField(_("to people who told a need"), default=False, db_default=False)
    created_at = models.DateTimeField(_("queued"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("written by")
    )

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-created_at"]

    def __str__(self):
        return str(self.subject)
