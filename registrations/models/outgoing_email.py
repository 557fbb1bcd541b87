"""What goes out by e-mail: mailings to many people, the outbox, and paragraphs in the automatic e-mails."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models import Exists, Q, Value
from django.db.models.functions import Lower, Now
from django.db.models.lookups import Exact
from django.utils.crypto import salted_hmac
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from i18nfield.fields import I18nTextField

from conference.models import Event, VisibleQuerySet
from registrations.models.mailing import Mailing
from registrations.models.registration import Registration
from registrations.models.sender import Sender
from registrations.placeholders import NAMES, format_names, validate_placeholders

# What anybody can ask for by entering an address, of which nobody may learn whether the site knows it.
REQUEST_KINDS = ("link", "password_reset")
# To people who log in, about their accounts.
ACCOUNT_KINDS = (
    *("invitation", "password_reset", "password_changed"),
    *("factor_added", "factor_removed", "factor_reset", "recovery_codes"),
)


class OutgoingEmailQuerySet(VisibleQuerySet):
    event_path = "registration__event"

    def visible_to(self, user):
        """Return what `user` may see in the admin; nobody sees there who was written to because of a need."""
        return super().visible_to(user).exclude(mailing__is_about_needs=True)

    def waiting(self):
        """E-mails that are still to be sent, now or later."""
        return self.filter(next_attempt_at__isnull=False)

    def due(self):
        """E-mails to be sent now, the longest due first; those to many people after all others. None while on hold."""
        is_on_hold = Exists(Sender.objects.filter(on_hold_since__isnull=False))
        due = self.filter(~is_on_hold, next_attempt_at__lte=Now())
        return due.order_by("is_bulk", "next_attempt_at", "pk")

    def given_up(self):
        """E-mails that failed too often and will not be tried again. Erased and dropped ones have not failed."""
        return self.filter(sent_at__isnull=True, next_attempt_at__isnull=True).exclude(last_error="")

    def about(self, registration: Registration):
        """All e-mails about this registration, also lists of links with its own, whatever address they were sent to.

        If nobody else has its address now, all lists of links to it.
        """
        own = self.filter(registration=registration) | self.with_link_to(registration)
        others = Registration.objects.with_email(registration.email).exclude(pk=registration.pk)
        return own | self.links_to(registration.email) if registration.email and not others.exists() else own

    def links_to(self, address: str):
        """Lists of links to this address."""
        return self.requested_for(address, OutgoingEmail.Kind.LINK)

    def requested_for(self, address: str, kind: str):
        """E-mails of one of REQUEST_KINDS to this address; upper and lower case are the same."""
        return self.filter(Exact(Lower("to"), Lower(Value(address))), kind=kind)

    def with_link_to(self, registration: Registration):
        """Lists of links that include this registration."""
        return self.filter(kind=OutgoingEmail.Kind.LINK, text__contains=f"/r/{registration.reference}.")


class OutgoingEmail(models.Model):
    """The outbox. A row says which message goes to which person. Its text is written when it is sent, and kept."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", pgettext_lazy("kind of e-mail", "registration confirmed")
        WAITLISTED = "waitlisted", pgettext_lazy("kind of e-mail", "on the waiting list")
        ALREADY_REGISTERED = "already_registered", pgettext_lazy("kind of e-mail", "already registered")
        CONFIRM = "confirm", pgettext_lazy("kind of e-mail", "confirm the place")
        PROMOTED = "promoted", pgettext_lazy("kind of e-mail", "place from the waiting list")
        CHANGED = "changed", pgettext_lazy("kind of e-mail", "registration changed")
        NEW_ADDRESS = "new_address", pgettext_lazy("kind of e-mail", "confirm the new address")
        ADDRESS_NOTICE = "address_notice", pgettext_lazy("kind of e-mail", "change of address")
        CANCELLED = "cancelled", pgettext_lazy("kind of e-mail", "registration cancelled")
        LINK = "link", pgettext_lazy("kind of e-mail", "personal links")
        REMINDER = "reminder", pgettext_lazy("kind of e-mail", "reminder")
        EVENT_CANCELLED = "event_cancelled", pgettext_lazy("kind of e-mail", "event cancelled")
        EVENT_RESTORED = "event_restored", pgettext_lazy("kind of e-mail", "event takes place after all")
        MESSAGE = "message", pgettext_lazy("kind of e-mail", "message from the organisers")
        TEST = "test", pgettext_lazy("kind of e-mail", "test")
        INVITATION = "invitation", pgettext_lazy("kind of e-mail", "invitation of a colleague")
        PASSWORD_RESET = "password_reset", pgettext_lazy("kind of e-mail", "new password")
        PASSWORD_CHANGED = "password_changed", pgettext_lazy("kind of e-mail", "password changed")
        FACTOR_ADDED = "factor_added", pgettext_lazy("kind of e-mail", "two-step log-in added")
        FACTOR_REMOVED = "factor_removed", pgettext_lazy("kind of e-mail", "two-step log-in removed")
        FACTOR_RESET = "factor_reset", pgettext_lazy("kind of e-mail", "two-step log-in reset")
        RECOVERY_CODES = "recovery_codes", pgettext_lazy("kind of e-mail", "new recovery codes")

    # The pauses between attempts: three days together. Time in which nothing was tried is none of it.
    PAUSES = [timedelta(minutes=number) for number in (1, 5, 15, 30, 120, *[360] * 11)]

    # Empty for e-mails to an address without a registration: lists of links, tests, and those about an account.
    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="emails", verbose_name=_("registration"), null=True, blank=True
    )
    kind = models.CharField(_("message"), max_length=20, choices=Kind)
    language = models.CharField(_("language"), max_length=8)
    to = models.EmailField(_("to"), blank=True)
    mailing = models.ForeignKey(
        Mailing, on_delete=models.CASCADE, related_name="emails", verbose_name=_("mailing"), null=True, blank=True
    )
    is_bulk = models.BooleanField(
        _("bulk"), default=False, db_default=False, help_text=_("Sent after all other e-mail.")
    )
    subject = models.TextField(_("subject"), blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField("HTML", blank=True)
    # What somebody entered who registered the person again, until that is sent or dropped: mail/repeated_sign_ups.py.
    entered = models.JSONField(_("entered again"), null=True, blank=True, editable=False)
    # Whether it added the event to the reader's calendar or removed it, see conference.calendar. Empty for neither.
    calendar_method = models.CharField(max_length=10, blank=True, db_default="", editable=False)
    # These three are the database's time, as the sender and the machine that queues may have different clocks.
    created_at = models.DateTimeField(_("queued"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_since = models.DateTimeField(_("due since"), db_default=Now(), editable=False)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True, db_default=Now())
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
            models.Index(Lower("to"), name="email_link_to", condition=Q(kind__in=REQUEST_KINDS)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(next_attempt_at__isnull=True), name="email_sent_is_not_due"
            ),
            models.CheckConstraint(
                condition=Q(registration__isnull=False) | Q(kind__in=["link", "test", *ACCOUNT_KINDS]),
                name="email_has_a_registration",
            ),
            models.UniqueConstraint(
                fields=["registration"], condition=Q(kind="reminder"), name="email_one_reminder_per_registration"
            ),
            models.UniqueConstraint(fields=["mailing", "registration"], name="email_once_per_mailing_and_registration"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    @admin.display(description=_("state"))
    def state(self) -> str:
        """What has become of the e-mail, in the active language."""
        if not self.to:
            return _("erased")
        if self.sent_at:
            return _("sent")
        if self.next_attempt_at is None:
            return _("failed") if self.last_error else _("out of date, not sent")
        return _("failed, will be tried again") if self.attempts else _("waiting to be sent")

    @property
    def recipient(self) -> str:
        """The address that it goes to now: a personal link opens the registration for whoever reads it."""
        is_for_the_owner = self.registration and self.kind not in (self.Kind.NEW_ADDRESS, self.Kind.ADDRESS_NOTICE)
        return self.registration.email if is_for_the_owner else self.to

    @property
    def message_id(self) -> str:
        """The Message-ID, the same in every attempt, so that mail programs show a repeated message once."""
        identity = salted_hmac("registrations.message-id", f"{self.pk} {self.due_since.timestamp()}")
        return f"<{identity.hexdigest()}@{settings.SITE_HOST}>"

    def mark_sent(self, now: datetime) -> None:
        """Record that the mail server accepted the message at `now` (UTC). The caller saves."""
        self.attempts += 1
        self.sent_at, self.next_attempt_at, self.last_error = now, None, ""
        self.entered = None

    @property
    def is_resent(self) -> bool:
        """Whether an organiser queued it again."""
        return self.due_since - self.created_at > timedelta(seconds=1)

    def mark_for_resend(self, now: datetime) -> None:
        """Queue it again at `now` (UTC); its text will be written again. The caller saves."""
        self.attempts, self.sent_at, self.last_error = 0, None, ""
        self.due_since = self.next_attempt_at = now
        self.subject = self.text = self.html = ""

    def mark_failed(self, now: datetime, error: str, *, for_good: bool = False) -> None:
        """Record a failed attempt at `now` (UTC), and the next one, unless it failed `for_good`. The caller saves."""
        self.attempts += 1
        self.last_error = error
        is_over = for_good or self.attempts > len(self.PAUSES)
        self.next_attempt_at = None if is_over else now + self.PAUSES[self.attempts - 1]


# All messages that tell how a registration stands, but those with a text that organisers write when they are sent.
NOT_EXTENDED = ("NEW_ADDRESS", "ADDRESS_NOTICE", "LINK", "MESSAGE", "TEST", "EVENT_CANCELLED", "EVENT_RESTORED")
PARAGRAPH_KINDS = [
    (kind.value, kind.label)
    for kind in OutgoingEmail.Kind
    if kind not in ACCOUNT_KINDS and kind.name not in NOT_EXTENDED
]


class EmailParagraph(models.Model):
    """A paragraph that organisers add to one of the automatic e-mails of an event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="paragraphs", verbose_name=_("event"))
    kind = models.CharField(_("message"), max_length=20, choices=PARAGRAPH_KINDS)
    text = I18nTextField(
        _("paragraph"),
        validators=[validate_placeholders],
        help_text=format_lazy(
            "{} {}", _("Markdown. These are replaced with each person's own data:"), format_names(NAMES)
        ),
    )

    class Meta:
        verbose_name = _("paragraph in an e-mail")
        verbose_name_plural = _("paragraphs in e-mails")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["event", "kind"], name="paragraph_once_per_event_and_message")]

    def __str__(self):
        return self.get_kind_display()
