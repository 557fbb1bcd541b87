"""What goes into the outbox, and whether it gets out. How it is sent: delivery.py."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from types import SimpleNamespace

from django.db import transaction
from django.db.models import Case, Count, Max, Min, Q, When
from django.db.models.functions import Now

from conference.database_clock import read_database_clock
from conference.models import Event
from registrations.mail import pacing
from registrations.mail.staleness import STATUS_KINDS
from registrations.models import REQUEST_KINDS, OutgoingEmail, OutgoingEmailQuerySet, Registration, Sender

Kind = OutgoingEmail.Kind

# When no sender has looked for so long while e-mail waits, something is wrong.
MAX_SILENCE = timedelta(minutes=10)
# When a message has been due for so long, something is wrong, such as the mail server.
MAX_DELAY = timedelta(minutes=30)


def queue(registration: Registration, kind: str, *, to: str = "", **values) -> OutgoingEmail | None:
    """Queue a message of this kind to the person, in the transaction that does what the message tells of.

    None for people without an e-mail address, to whom nothing is ever queued.
    """
    if not (to := to or registration.email):
        return None
    return OutgoingEmail.objects.create(
        registration=registration, kind=kind, language=registration.language, to=to, **values
    )


def queue_status_email(registration: Registration) -> OutgoingEmail | None:
    """Queue the message that tells how this registration stands."""
    return queue(registration, STATUS_KINDS[registration.status])


def queue_all(registrations: Iterable[Registration], kind: str, **values) -> None:
    """Put a message of this kind for each of them who has an address in the outbox, whoever has it already left out."""
    emails = (
        OutgoingEmail(registration=one, kind=kind, language=one.language, to=one.email, **values)
        for one in registrations
        if one.email
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
    now = read_database_clock()
    for event in Event.objects.published().taking_place().filter(reminder_days__isnull=False, starts_at__gt=now):
        # So many days by the clock on the event's wall, also over a change to summer or winter time.
        due_at = event.starts_at.astimezone(event.zone) - timedelta(days=event.reminder_days)
        if now >= due_at:
            people = event.registrations.filter(status=Registration.Status.CONFIRMED, confirmed_at__lt=due_at)
            # After a restore, those that had been due before it may have been sent: they count as queued then.
            queue_all(people.exclude(emails__kind=Kind.REMINDER), Kind.REMINDER, is_bulk=True, due_since=due_at)


def hold_outbox() -> None:
    """Have no sender send anything until `resume_outbox`. E-mails are still queued."""
    Sender.objects.get_or_create(pk=1)
    Sender.objects.filter(on_hold_since__isnull=True).update(on_hold_since=Now())


def resume_outbox(*, discard_before: datetime | None = None) -> tuple[int, int]:
    """Let the senders send again, but not what is due since before that moment (UTC).

    Returns how many e-mails were discarded and how many wait to be sent.
    """
    with transaction.atomic():
        Sender.objects.select_for_update().filter(pk=1).first()
        waiting = OutgoingEmail.objects.waiting()
        discarded = waiting.filter(due_since__lt=discard_before) if discard_before else waiting.none()
        number = discarded.update(next_attempt_at=None, last_error="")
        Sender.objects.update(on_hold_since=None)
        return number, OutgoingEmail.objects.waiting().count()


def get_hold() -> datetime | None:
    """Since when nothing is sent because the database was restored from a backup; None if e-mail is sent."""
    return Sender.objects.values_list("on_hold_since", flat=True).first()


def count_waiting(emails: OutgoingEmailQuerySet) -> list[tuple[str, int]]:
    """How many of these `emails` wait to be sent, by kind in the active language, the most frequent first."""
    counted = emails.order_by().waiting().values_list("kind").annotate(number=Count("pk"))
    return [(Kind(kind).label, number) for kind, number in counted.order_by("-number", "kind")]


def get_health(emails: OutgoingEmailQuerySet | None = None) -> SimpleNamespace:
    """How these `emails`, or the whole outbox, and its senders stand `now`. Times are UTC. Three queries.

    It `is_stuck` when e-mail waits, is not on hold, and nobody has come to send it. That leaves out the searches for
    links that were tried already. It `is_late` when a message that concerns one person has been due for long, or the
    mail server has taken nothing for as long, and e-mail is not on hold. This, `outage_since` and `oldest_message_at`
    leave out all searches, and messages that wait because their mailbox has had enough (mailbox_limit.py): a stranger
    must not learn from these who is registered. It `is_ahead` when a sender's time is in the future.
    """
    emails = OutgoingEmail.objects.all() if emails is None else emails
    is_message = ~Q(kind__in=REQUEST_KINDS)
    is_late = is_message & Q(is_bulk=False, next_attempt_at__lt=Now() - MAX_DELAY)
    is_due = is_message & (Q(next_attempt_at__lte=Now()) | Q(attempts__gt=0))
    due_at = Case(When(attempts=0, then="next_attempt_at"), default="due_since")
    sender = Sender.objects.annotate(now=Now()).first() or Sender(outage_error="")
    health = SimpleNamespace(
        failed=emails.given_up().count(),
        last_ran_at=sender.last_ran_at,
        on_hold_since=sender.on_hold_since,
        **emails.order_by()
        .waiting()
        .aggregate(
            now=Max(Now()),
            waiting=Count("pk"),
            waiting_since=Min("due_since"),
            expected=Count("pk", filter=is_message | Q(attempts=0)),
            late=Count("pk", filter=is_late),
            oldest_message_at=Min(due_at, filter=is_due),
        ),
    )
    health.now = getattr(sender, "now", health.now)  # None if no sender has ever run and nothing waits
    health.outage_since, health.outage_error = None, ""
    if health.oldest_message_at:
        health.outage_since, health.outage_error = sender.outage_since, sender.outage_error
    quiet_since = health.last_ran_at or health.waiting_since
    is_quiet = bool(health.expected) and health.now - quiet_since > MAX_SILENCE
    health.is_stuck = is_quiet and not health.on_hold_since
    is_late = bool(health.late or (health.outage_since and health.now - health.outage_since > MAX_DELAY))
    health.is_late = is_late and not health.on_hold_since
    health.is_ahead = is_ahead(sender, health.now)
    return health


def is_ahead(sender: Sender, now: datetime) -> bool:
    """Whether a time of the sender's is further in the future than a pause: the database's clock was put back."""
    margin = timedelta(minutes=1)
    slot, longest = sender.next_slot_at, max(pacing.get_pause(), pacing.PROBE_PAUSE)
    return bool((sender.last_ran_at and sender.last_ran_at > now + margin) or (slot and slot > now + longest + margin))


def count_failure_reasons(emails: OutgoingEmailQuerySet) -> list[tuple[str, int]]:
    """Why these `emails` were given up, the most frequent reason first."""
    given_up = emails.given_up().order_by().values_list("last_error")
    return list(given_up.annotate(number=Count("pk")).order_by("-number", "last_error")[:20])
