"""Places and the waiting list: who gets a place, who waits, and who moves up when a place becomes free.

All functions but `promote_waiting_list` and `release_expired_holds` require the event's lock.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from conference.models import Event
from registrations import audit
from registrations.availability import PlaceCounts, count_places
from registrations.mail import outbox
from registrations.models import OutgoingEmail, Registration
from registrations.operations.exceptions import AlreadyRegistered, Busy, OperationError
from registrations.operations.locking import lock_event

Status = Registration.Status

STATUS_FIELDS = ["status", "confirmed_at", "email_confirmed_at", "hold_until", "waiting_since", "cancelled_at"]


class FillResult(NamedTuple):
    """Who got a place, and the counts afterwards."""

    people: list[Registration]
    places: PlaceCounts


def promote_waiting_list(event: Event) -> list[Registration]:
    """Give the free places to the first on the waiting list, queue their e-mails, and return them.

    Nobody is promoted after the event has started.
    """
    with lock_event(event) as event:
        return fill_free_places(event).people


def release_expired_holds() -> None:
    """Release the places of everybody who did not confirm their address in time, and promote the next people."""
    expired = Registration.objects.with_expired_hold(timezone.now())
    for event in Event.objects.filter(registrations__in=expired).distinct():
        with suppress(Busy):  # whoever has the lock releases the holds too, and the other events must not wait
            promote_waiting_list(event)


def fill_free_places(event: Event) -> FillResult:
    """Release the expired holds, then give the free places to the first on the waiting list.

    Nobody is promoted after the event has started, or if its organisers choose who gets a place.
    """
    now = timezone.now()  # the same for all steps, so that no hold expires between counting and releasing
    counts = count_places(event, now)
    if counts.expired:
        release_holds(list(event.registrations.with_expired_hold(now)), now)
    if not counts.waiting or counts.free == 0 or event.has_started or not event.promotes_automatically:
        return FillResult([], counts)
    people = list(event.registrations.on_waiting_list()[: counts.free])
    for registration in people:
        mark_confirmed_or_pending(registration, event)
    Registration.objects.bulk_update(people, STATUS_FIELDS, batch_size=500)
    audit.log_status(people, was=Status.WAITLISTED, by=audit.SITE)
    outbox.queue_all(people, OutgoingEmail.Kind.PROMOTED)
    return FillResult(people, count_places(event, now))


def release_holds(people: list[Registration], now: datetime) -> None:
    for registration in people:
        registration.status, registration.cancelled_at = Status.CANCELLED, now
    Registration.objects.filter(pk__in=[one.pk for one in people]).update(status=Status.CANCELLED, cancelled_at=now)
    audit.log_status(people, was=Status.PENDING, by=audit.SITE)


def refresh(registration: Registration) -> None:
    """Read what others may have changed before we got the lock. Raises OperationError if the person was erased."""
    registration.refresh_from_db(fields=[*STATUS_FIELDS, "email", "new_email", "erased_at"])
    if registration.erased_at:
        raise OperationError(_("This person's data has been erased."))


def find_live_registration(event: Event, email: str) -> Registration | None:
    # Not .first(): its ORDER BY makes PostgreSQL walk the primary key instead of the unique index on the address.
    return next(iter(event.registrations.live().with_email(email)), None)


def refuse_second_registration(registration: Registration) -> None:
    """Raise AlreadyRegistered if this one is cancelled and its address has another, live registration."""
    if registration.is_cancelled and (other := find_live_registration(registration.event, registration.email)):
        raise AlreadyRegistered(other)


def set_status(registration: Registration, mark: Callable[[Registration], None], *, by: audit.ChangedBy) -> None:
    """Change the status with one of the `mark_…` functions below, save it and log who did it."""
    was = registration.status
    mark(registration)
    registration.save(update_fields=STATUS_FIELDS)
    audit.log_status([registration], was=was, by=by)


def mark_confirmed_or_pending(registration: Registration, event: Event) -> None:
    """Give a place. If the event requires confirmed addresses and this one is not, only hold the place."""
    is_proven = registration.email_confirmed_at or registration.source != Registration.Source.ONLINE
    if not event.confirm_email or is_proven:
        mark_confirmed(registration)
        return
    registration.status = Status.PENDING
    registration.hold_until = timezone.now() + timedelta(hours=event.hold_hours)
    registration.waiting_since = registration.cancelled_at = None


def mark_confirmed(registration: Registration) -> None:
    registration.status, registration.confirmed_at = Status.CONFIRMED, timezone.now()
    registration.waiting_since = registration.cancelled_at = registration.hold_until = None


def mark_waitlisted(registration: Registration) -> None:
    # Under the lock, so that the order of waiting_since is the order in which people came.
    registration.status, registration.waiting_since = Status.WAITLISTED, timezone.now()
    registration.confirmed_at = registration.cancelled_at = registration.hold_until = None


def mark_cancelled(registration: Registration) -> None:
    registration.status, registration.cancelled_at = Status.CANCELLED, timezone.now()
    registration.hold_until = None
