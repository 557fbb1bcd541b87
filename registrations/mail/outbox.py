"""What goes into the outbox, and whether it gets out. How it is sent: delivery.py."""

from collections.abc import Iterable
from datetime import timedelta
from types import SimpleNamespace

from django.db.models import Case, Count, Min, Q, When
from django.utils import timezone

from conference.models import Event
from registrations.mail.staleness import STATUS_KINDS
from registrations.models import REQUEST_KINDS, OutgoingEmail, OutgoingEmailQuerySet, Registration, Sender

Kind = OutgoingEmail.Kind

# When no sender has looked for so long while e-mail waits, something is wrong.
MAX_SILENCE = timedelta(minutes=10)


def queue(registration: Registration, kind: str, *, to: str = "") -> OutgoingEmail:
    """Queue a message of this kind to the person, in the transaction that does what the message tells of."""
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
    """Ask the sender to e-mail the personal links of all that is registered with `address`, if anything is."""
    # The sender looks, so that the visitor's page takes the same time for every address.
    OutgoingEmail.objects.create(kind=Kind.LINK, language=language, to=address)


def queue_test(address: str, language: str) -> OutgoingEmail:
    return OutgoingEmail.objects.create(kind=Kind.TEST, language=language, to=address)


def queue_reminders() -> None:
    """Queue the reminders that are due, once per person, for who has had a place since before the reminder's time."""
    now = timezone.now()
    for event in Event.objects.published().filter(reminder_days__isnull=False, starts_at__gt=now):
        due_at = event.starts_at - timedelta(days=event.reminder_days)
        if now >= due_at:
            people = event.registrations.filter(status=Registration.Status.CONFIRMED, confirmed_at__lt=due_at)
            queue_all(people.exclude(emails__kind=Kind.REMINDER), Kind.REMINDER, is_bulk=True)


def get_health(emails: OutgoingEmailQuerySet | None = None) -> SimpleNamespace:
    """How these `emails`, or the whole outbox, and its senders stand now. Times are UTC. Three queries.

    It `is_stuck` when e-mail waits and nobody has come to send it. That leaves out the searches for links that were
    tried already, and `oldest_message_at` all of them: a stranger must not learn from these whether a search found any,
    nor from a message that waits because its mailbox has had enough (mailbox_limit.py).
    """
    emails = OutgoingEmail.objects.all() if emails is None else emails
    is_message = ~Q(kind__in=REQUEST_KINDS)
    is_late = is_message & (Q(next_attempt_at__lte=timezone.now()) | Q(attempts__gt=0))
    due_at = Case(When(attempts=0, then="next_attempt_at"), default="due_since")
    health = SimpleNamespace(
        failed=emails.given_up().count(),
        last_ran_at=Sender.objects.values_list("last_ran_at", flat=True).first(),
        **emails.order_by()
        .waiting()
        .aggregate(
            waiting=Count("pk"),
            waiting_since=Min("due_since"),
            expected=Count("pk", filter=is_message | Q(attempts=0)),
            oldest_message_at=Min(due_at, filter=is_late),
        ),
    )
    quiet_since = health.last_ran_at or health.waiting_since
    health.is_stuck = bool(health.expected) and timezone.now() - quiet_since > MAX_SILENCE
    return health


def count_failure_reasons(emails: OutgoingEmailQuerySet) -> list[tuple[str, int]]:
    """Why these `emails` were given up, the most frequent reason first."""
    given_up = emails.given_up().order_by().values_list("last_error")
    return list(given_up.annotate(number=Count("pk")).order_by("-number", "last_error")[:20])
