"""What goes into the outbox, with what it tells of and in the same transaction. How it is sent: delivery.py."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from conference.models import Event
from registrations.mail.staleness import STATUS_KINDS
from registrations.models import OutgoingEmail, Registration

Kind = OutgoingEmail.Kind
Status = Registration.Status


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
    OutgoingEmail.objects.bulk_create(
        (
            OutgoingEmail(registration=one, kind=kind, language=one.language, to=one.email, **values)
            for one in registrations
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )


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
        if now < due_at:
            continue
        people = event.registrations.filter(status=Status.CONFIRMED, confirmed_at__lt=due_at)
        queue_all(people.exclude(emails__kind=Kind.REMINDER), Kind.REMINDER, is_bulk=True)
