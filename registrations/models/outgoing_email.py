"""The outbox."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registrations.models.registration import Registration


class OutgoingEmailQuerySet(models.QuerySet):
    def due(self):
        """Those to be sent now, the longest due first."""
        return self.filter(next_attempt_at__lte=timezone.now()).order_by("next_attempt_at", "pk")

    def given_up(self):
        return self.filter(sent_at__isnull=True, next_attempt_at__isnull=True)


class OutgoingEmail(models.Model):
    """The outbox. A row says which message to send to whom; its words are written when it is first sent and kept."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("registered")
        WAITLISTED = "waitlisted", _("on the waiting list")
        ALREADY_REGISTERED = "already_registered", _("already registered")
        PROMOTED = "promoted", _("got a place from the waiting list")
        CANCELLED = "cancelled", _("cancelled")

    # The pauses after the first, second, third and fourth failure, and after every later one.
    PAUSES = (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=6),
    )
    GIVE_UP_AFTER = timedelta(days=3)

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="emails", verbose_name=_("registration")
    )
    kind = models.CharField(_("message"), max_length=20, choices=Kind)
    language = models.CharField(_("language"), max_length=8)
    to = models.EmailField(_("to"))
    subject = models.TextField(_("subject"), blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField("HTML", blank=True)
    created_at = models.DateTimeField(_("queued"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True, default=timezone.now)
    last_error = models.TextField(_("last error"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = OutgoingEmailQuerySet.as_manager()

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], name="email_due", condition=Q(next_attempt_at__isnull=False))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(next_attempt_at__isnull=True), name="email_sent_is_not_due"
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def state(self) -> str:
        """Sent, waiting to be sent, being tried again, or given up, in the active language."""
        if self.sent_at:
            return _("sent")
        if self.next_attempt_at is None:
            return _("given up")
        return _("failed, will be tried again") if self.attempts else _("waiting to be sent")

    def mark_sent(self, now: datetime) -> None:
        """Note that the mail server took the message at `now` (UTC). The caller saves."""
        self.attempts += 1
        self.sent_at, self.next_attempt_at, self.last_error = now, None, ""

    def mark_failed(self, now: datetime, error: str) -> None:
        """Note a failed attempt at `now` (UTC) and when to try again, if ever. The caller saves."""
        self.attempts += 1
        self.last_error = error
        pause = self.PAUSES[min(self.attempts, len(self.PAUSES)) - 1]
        self.next_attempt_at = now + pause if now + pause <= self.created_at + self.GIVE_UP_AFTER else None
