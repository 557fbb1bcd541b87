"""The waiting list moves up: held places that expire are released, and free places go to the first who wait."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from conference.database_clock import read_database_clock
from conference.models import Event
from registrations import audit
from registrations.availability import PlaceCounts, count_places
from registrations.mail import outbox
from registrations.models import EventCounts, OutgoingEmail, Registration
from registrations.operations.exceptions import Busy
from registrations.operations.locking import lock_event

Status = Registration.Status

# While the e-mail about a held place cannot be sent, its time begins again so often.
RENEWAL = timedelta(minutes=10)


def promote_waiting_list(event: Event) -> list[Registration]:
    """Do what `fill_free_places` does, with the lock, and return who got a place."""
    with lock_event(event) as event:
        return fill_free_places(event)[0]


def release_expired_holds() -> None:
    """Release the places of everybody who did not confirm their address in time, and promote the next people."""
    expired = Registration.objects.with_expired_hold(Now())
    for event in Event.objects.taking_place().filter(registrations__in=expired).distinct():
        with suppress(Busy):  # whoever has the lock releases the holds too, and the other events must not wait
            promote_waiting_list(event)


def renew_untold_holds() -> None:
    """Let the time of a held place begin again while its e-mail is overdue: it counts from when people can confirm."""
    now = read_database_clock()
    for event in Event.objects.filter(pk__in=Registration.objects.with_untold_hold(now).values("event")):
        until = now + timedelta(hours=event.hold_hours)
        people = event.registrations.with_untold_hold(now).filter(hold_until__lt=until - RENEWAL)
        if people.exists():
            with suppress(Busy), lock_event(event):
                people.update(hold_until=until)


def prolong_holds(by: timedelta) -> None:
    """Give everybody whose place is held so much more time. Raises Busy."""
    for event in Event.objects.filter(registrations__status=Status.PENDING).distinct():
        with lock_event(event):
            event.registrations.filter(status=Status.PENDING).update(hold_until=F("hold_until") + by)


def fill_free_places(event: Event, stored: EventCounts | None = None) -> tuple[list[Registration], PlaceCounts]:
    """Release the expired holds, give the free places to the first on the waiting list, and queue their e-mails.

    Nobody gets one after the start, or if organisers choose; at a cancelled event, all stay as they are. Returns who
    did, and the counts then. Requires the lock;
    `stored` are the event's counts if they were read with it and nothing has been changed since.
    """
    now = event.locked_at  # the same for all steps, so that no hold expires between counting and releasing
    counts = count_places(event, now, stored)
    if event.is_cancelled:
        return [], counts
    if counts.expired:
        expired = list(event.registrations.with_expired_hold(now))
        for registration in expired:  # they keep `hold_until`, which tells why they were cancelled
            registration.status, registration.cancelled_at = Status.CANCELLED, now
        Registration.objects.bulk_update(expired, ["status", "cancelled_at"], batch_size=500)
        audit.log_status(expired, was=Status.PENDING, by=audit.SITE)
    if not counts.waiting or counts.free == 0 or event.starts_at <= now or not event.promotes_automatically:
        return [], counts
    people = list(event.registrations.on_waiting_list()[: counts.free])
    for registration in people:
        give_place(registration, event)
    Registration.objects.bulk_update(people, Registration.STATUS_FIELDS, batch_size=500)
    audit.log_status(people, was=Status.WAITLISTED, by=audit.SITE)
    outbox.queue_all(people, OutgoingEmail.Kind.PROMOTED)
    return people, count_places(event, now)


def give_place(registration: Registration, event: Event) -> None:
    """Write that the person has a place, or holds it if the address must be confirmed first. The caller saves.

    Nobody confirms an address that the person does not have. Requires the lock.
    """
    is_proven = registration.email_confirmed_at or registration.source != Registration.Source.ONLINE
    if is_proven or not registration.email or not (event.confirm_email or registration.burst_id):
        write_status(registration, Status.CONFIRMED)
    else:
        hold_until = event.locked_at + timedelta(hours=event.hold_hours)
        write_status(registration, Status.PENDING, hold_until=hold_until)


def write_status(registration: Registration, status: str, *, hold_until: datetime | None = None) -> None:
    """Write the status and the times that belong to it. The caller saves."""
    now = timezone.now()
    registration.status, registration.hold_until = status, hold_until
    if status == Status.CANCELLED:
        registration.cancelled_at = now
        return
    registration.cancelled_at = None
    registration.confirmed_at = now if status == Status.CONFIRMED else None
    registration.waiting_since = now if status == Status.WAITLISTED else None
