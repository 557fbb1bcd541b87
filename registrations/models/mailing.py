"""Texts that organisers write to people: mailings, and paragraphs in the automatic e-mails."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from i18nfield.fields import I18nCharField, I18nTextField

from conference.models import Event, get_limited_access
from registrations.placeholders import NAMES, validate_placeholders, validate_subject


class MailingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Mailings that `user` may see in the admin: all, or those that went only to people of the user's events."""
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


class EmailParagraph(models.Model):
    """A paragraph that organisers add to one of the automatic e-mails of an event."""

    class Message(models.TextChoices):
        """The kinds of OutgoingEmail that can have a paragraph."""

        REGISTERED = "registered", pgettext_lazy("kind of e-mail", "registration confirmed")
        WAITLISTED = "waitlisted", pgettext_lazy("kind of e-mail", "on the waiting list")
        ALREADY_REGISTERED = "already_registered", pgettext_lazy("kind of e-mail", "already registered")
        CONFIRM = "confirm", pgettext_lazy("kind of e-mail", "confirm the place")
        PROMOTED = "promoted", pgettext_lazy("kind of e-mail", "place from the waiting list")
        CHANGED = "changed", pgettext_lazy("kind of e-mail", "registration changed")
        CANCELLED = "cancelled", pgettext_lazy("kind of e-mail", "registration cancelled")
        REMINDER = "reminder", pgettext_lazy("kind of e-mail", "reminder")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="paragraphs", verbose_name=_("event"))
    kind = models.CharField(_("message"), max_length=20, choices=Message)
    text = I18nTextField(
        _("paragraph"),
        validators=[validate_placeholders],
        help_text=format_lazy(
            "{} {}",
            _("Markdown. These are replaced with each person's own data:"),
            ", ".join(f"{{{name}}}" for name in NAMES),
        ),
    )

    class Meta:
        verbose_name = _("paragraph in an e-mail")
        verbose_name_plural = _("paragraphs in e-mails")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["event", "kind"], name="paragraph_once_per_event_and_message")]

    def __str__(self):
        return self.get_kind_display()
