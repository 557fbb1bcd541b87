"""What goes into the outbox, with what it tells of and in the same transaction, and whether it gets out.

How it is sent: delivery.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from conference.models import Event
from registrations.mail.staleness import STATUS_KINDS
from registrations.models import OutgoingEmail, OutgoingEmailQuerySet, Registration, Sender

Kind = OutgoingEmail.Kind

# When no sender has looked for so long while e-mail waits, something is wrong.
MAX_SILENCE = timedelta(minutes=10)


def queue(registration: Registration, kind: str, *, to: str = "") -> OutgoingEmail:
    """Put a message of this kind for the registration's person in the outbox.

    Call it in the transaction that does what the message tells of: then neither exists without the other.
    """
    return OutgoingEmail.objects.create(
        registration=registration, kind=kind, language=registration.language, to=to or registration.email
    )


def queue_status_email(registration: Registration) -> OutgoingEmail:
    """Queue the message that tells how this registration stands."""
    return queue(registration, STATUS_KINDS[registration.status])


def queue_all(registrations: Iterable[Registration], kind: str, **values) -> None:
    """Put a message of this kind for each of them in the outbox, whoever has it already left out."""
    emails = (
        OutgoingEmail(registration=one, kind=kind, language=one.language, to=one.email, **values)
        for one in registrations
    )
    OutgoingEmail.objects.bulk_create(emails, batch_size=1000, ignore_conflicts=True)


def queue_status_emails(registrations: Iterable[Registration], **values) -> None:
    """Put the message that tells how each of them stands in the outbox."""
    for status, kind in STATUS_KINDS.items():
        queue_all([one for one in registrations if one.status == status], kind, **values)


def queue_links(address: str, language: str) -> None:
    """Ask the sender to e-mail the personal links of all that is registered with `address`, if anything is.

    It looks only when it sends, so that the visitor's page takes the same time for every address.
    """
    OutgoingEmail.objects.create(kind=Kind.LINK, language=language, to=address)


def queue_test(address: str, language: str) -> OutgoingEmail:
    return OutgoingEmail.objects.create(kind=Kind.TEST, language=language, to=address)


def queue_reminders() -> None:
    """Queue the reminders that are due, once per person.

    They go to those who have had a place since before the reminder's time; who got one later was told then.
    """
    now = timezone.now()
    for event in Event.objects.published().filter(reminder_days__isnull=False, starts_at__gt=now):
        due_at = event.starts_at - timedelta(days=event.reminder_days)
        if now >= due_at:
            people = event.registrations.filter(status=Registration.Status.CONFIRMED, confirmed_at__lt=due_at)
            queue_all(people.exclude(emails__kind=Kind.REMINDER), Kind.REMINDER, is_bulk=True)


@dataclass(frozen=True)
class OutboxHealth:
    """The outbox and its senders at one moment. Times are UTC.

    `expected` leaves out the searches for links that were tried already, and `oldest_message_at` all of them: a
    stranger must not learn from these whether their search found any.
    """

    waiting: int
    failed: int
    waiting_since: datetime | None
    expected: int
    oldest_message_at: datetime | None
    last_ran_at: datetime | None

    @property
    def is_stuck(self) -> bool:
        """Whether e-mail waits and nobody has come to send it."""
        quiet_since = self.last_ran_at or self.waiting_since
        return bool(self.expected) and timezone.now() - quiet_since > MAX_SILENCE


def get_health(emails: OutgoingEmailQuerySet | None = None) -> OutboxHealth:
    """How these `emails` stand now, or the whole outbox. Three queries."""
    emails = OutgoingEmail.objects.all() if emails is None else emails
    is_message = ~Q(kind=Kind.LINK)
    counted = (
        emails.order_by()
        .waiting()
        .aggregate(
            waiting=Count("pk"),
            waiting_since=Min("due_since"),
            expected=Count("pk", filter=is_message | Q(attempts=0)),
            oldest_message_at=Min("due_since", filter=is_message),
        )
    )
    ran_at = Sender.objects.filter(pk=Sender.ONLY).values_list("last_ran_at", flat=True).first()
    return OutboxHealth(**counted, failed=emails.given_up().count(), last_ran_at=ran_at)


def count_failure_reasons(emails: OutgoingEmailQuerySet) -> list[tuple[str, int]]:
    """Why these `emails` were given up, the most frequent reason first."""
    given_up = emails.given_up().order_by().values_list("last_error")
    return list(given_up.annotate(number=Count("pk")).order_by("-number", "last_error")[:20])
