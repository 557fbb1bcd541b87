"""The outbox."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Lower, Now
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from conference.models import VisibleQuerySet
from registrations.models.mailing import Mailing
from registrations.models.registration import Registration


def link_emails_filter(address: str) -> Q:
    """Lists of links sent to this address; compared as registrations' addresses are."""
    return Q(kind=OutgoingEmail.Kind.LINK) & Q(Exact(Lower("to"), Lower(Value(address))))


class OutgoingEmailQuerySet(VisibleQuerySet):
    event_path = "registration__event"

    def waiting(self):
        """Those still to be sent, now or after a pause."""
        return self.filter(next_attempt_at__isnull=False)

    def due(self):
        """Those to be sent now: first what concerns one person, then what goes to many; the longest due first."""
        return self.filter(next_attempt_at__lte=timezone.now()).order_by("is_bulk", "next_attempt_at", "pk")

    def given_up(self):
        """Those that could not be sent and are not tried any more. What was erased or dropped failed nowhere."""
        return self.filter(sent_at__isnull=True, next_attempt_at__isnull=True).exclude(last_error="")

    def about(self, registration: Registration):
        """All that was written to this person: what belongs to the registration, and links sent to the address."""
        links = link_emails_filter(registration.email) if registration.email else Q()
        return self.filter(Q(registration=registration) | links)

    def with_link_to(self, registration: Registration):
        """The lists of links in which this registration occurs, also those sent to an address that it had before."""
        return self.filter(kind=OutgoingEmail.Kind.LINK, text__contains=f"/r/{registration.reference}.")


class OutgoingEmail(models.Model):
    """The outbox. A row says which message to send to whom; its words are written when it is sent, and kept."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("registered")
        WAITLISTED = "waitlisted", _("on the waiting list")
        ALREADY_REGISTERED = "already_registered", _("already registered")
        CONFIRM = "confirm", _("please confirm")
        PROMOTED = "promoted", _("got a place from the waiting list")
        CHANGED = "changed", _("changed")
        NEW_ADDRESS = "new_address", _("please confirm the new address")
        ADDRESS_NOTICE = "address_notice", _("the address is about to change")
        CANCELLED = "cancelled", _("cancelled")
        LINK = "link", _("your link")
        REMINDER = "reminder", _("reminder")
        MESSAGE = "message", _("message from the organisers")
        TEST = "test", _("test")

    # The pauses after the first, second, third and fourth failure, and after every later one.
    PAUSES = (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=6),
    )
    GIVE_UP_AFTER = timedelta(days=3)

    # Empty for what is sent to an address only: links to all that it has registered for, and tests.
    registration = models.ForeignKey(
        Registration,
        on_delete=models.CASCADE,
        related_name="emails",
        verbose_name=_("registration"),
        null=True,
        blank=True,
    )
    kind = models.CharField(_("message"), max_length=20, choices=Kind)
    language = models.CharField(_("language"), max_length=8)
    to = models.EmailField(_("to"), blank=True)
    mailing = models.ForeignKey(
        Mailing, on_delete=models.CASCADE, related_name="emails", verbose_name=_("mailing"), null=True, blank=True
    )
    is_bulk = models.BooleanField(
        _("goes to many"), default=False, db_default=False, help_text=_("Sent after everything else.")
    )
    subject = models.TextField(_("subject"), blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField("HTML", blank=True)
    # Whether it put the event into the reader's calendar or took it out; see conference.calendar. Empty for neither.
    calendar_method = models.CharField(max_length=10, blank=True, db_default="", editable=False)
    created_at = models.DateTimeField(_("queued"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_since = models.DateTimeField(_("to be sent since"), default=timezone.now, db_default=Now(), editable=False)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True, default=timezone.now)
    last_error = models.TextField(_("last error"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = OutgoingEmailQuerySet.as_manager()

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        indexes = [
            models.Index(
                fields=["is_bulk", "next_attempt_at", "id"],
                name="email_due",
                condition=Q(next_attempt_at__isnull=False),
            ),
            models.Index(
                fields=["id"],
                name="email_given_up",
                condition=Q(sent_at__isnull=True, next_attempt_at__isnull=True) & ~Q(last_error=""),
            ),
            models.Index(Lower("to"), name="email_link_to", condition=Q(kind="link")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(next_attempt_at__isnull=True), name="email_sent_is_not_due"
            ),
            models.CheckConstraint(
                condition=Q(registration__isnull=False) | Q(kind__in=["link", "test"]), name="email_has_a_registration"
            ),
            models.UniqueConstraint(
                fields=["registration"], condition=Q(kind="reminder"), name="email_one_reminder_per_registration"
            ),
            models.UniqueConstraint(fields=["mailing", "registration"], name="email_once_per_mailing_and_registration"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def state(self) -> str:
        """Sent, waiting to be sent, being tried again, given up or erased, in the active language."""
        if not self.to:
            return _("erased")
        if self.sent_at:
            return _("sent")
        if self.next_attempt_at is None:
            return _("given up") if self.last_error else _("no longer true, so not sent")
        return _("failed, will be tried again") if self.attempts else _("waiting to be sent")

    @property
    def message_id(self) -> str:
        """The message's Message-ID, the same at every attempt: mail programs then show a repeated message once."""
        identity = salted_hmac("registrations.message-id", f"{self.pk} {self.due_since.timestamp()}")
        return f"<{identity.hexdigest()}@{settings.SITE_HOST}>"

    def mark_sent(self, now: datetime) -> None:
        """Note that the mail server took the message at `now` (UTC). The caller saves."""
        self.attempts += 1
        self.sent_at, self.next_attempt_at, self.last_error = now, None, ""

    @property
    def is_resent(self) -> bool:
        """Whether an organiser put it into the outbox once more."""
        return self.due_since - self.created_at > timedelta(seconds=1)

    def mark_dropped(self) -> None:
        """Note that the message is not sent, for it is not true any more. The caller saves."""
        self.next_attempt_at, self.last_error = None, ""

    def mark_for_resend(self, now: datetime) -> None:
        """Put it into the outbox once more at `now` (UTC), to be written anew. The caller saves."""
        self.attempts, self.sent_at, self.last_error = 0, None, ""
        self.due_since = self.next_attempt_at = now
        self.subject = self.text = self.html = ""

    def mark_failed(self, now: datetime, error: str, *, for_good: bool = False) -> None:
        """Note a failed attempt at `now` (UTC) and when to try again, if ever: not `for_good`. The caller saves."""
        self.attempts += 1
        self.last_error = error
        pause = self.PAUSES[min(self.attempts, len(self.PAUSES)) - 1]
        is_over = for_good or now + pause > self.due_since + self.GIVE_UP_AFTER
        self.next_attempt_at = None if is_over else now + pause
