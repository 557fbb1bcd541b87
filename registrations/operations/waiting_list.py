"""Places and the waiting list: who gets a place, who waits, and what moves up when one becomes free.

All but `promote` and `release_lapsed_holds` are called by those who hold the event's lock.
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
from registrations.operations.locking import AlreadyRegistered, Busy, OperationError, lock_event

Status = Registration.Status

STATUS_FIELDS = ["status", "confirmed_at", "email_confirmed_at", "hold_until", "waiting_since", "cancelled_at"]


class FillResult(NamedTuple):
    """Who got a place, and what is left after it."""

    people: list[Registration]
    places: PlaceCounts


def promote_waiting_list(event: Event) -> list[Registration]:
    """Give the free places to those waiting, the first in line first, and queue their e-mails.

    Returns who got one. It ends when the event starts. Call it in the transaction that frees places.
    """
    with lock_event(event) as event:
        return fill_free_places(event).people


def release_expired_holds() -> None:
    """Release every place that was held for somebody who did not confirm in time; it goes to the next in line."""
    expired = Registration.objects.with_expired_hold(timezone.now())
    for event in Event.objects.filter(registrations__in=expired).distinct():
        with suppress(Busy):  # a busy event settles its places itself, and must not hold up the others
            promote_waiting_list(event)


def fill_free_places(event: Event) -> FillResult:
    """Release the holds that have lapsed, then give the free places to those waiting, the first in line first.

    Nobody is promoted once the event has started, or where the organisers choose who is.
    """
    now = timezone.now()  # one for all, lest a hold lapse between counting and releasing
    counted = count_places(event, now)
    if counted.expired:
        release_holds(list(event.registrations.with_expired_hold(now)), now)
    if not counted.waiting or counted.free == 0 or event.has_started or not event.promotes_automatically:
        return FillResult([], counted)
    people = list(event.registrations.on_waiting_list()[: counted.free])
    for registration in people:
        mark_confirmed_or_pending(registration, event)
    Registration.objects.bulk_update(people, STATUS_FIELDS, batch_size=500)
    audit.log_status(people, was=Status.WAITLISTED, by=audit.SITE)
    outbox.queue_all(people, OutgoingEmail.Kind.PROMOTED)
    return FillResult(people, count_places(event, now))


def release_holds(people: list[Registration], now: datetime) -> None:
    """Take the places away that were held for these people."""
    for registration in people:
        registration.status, registration.cancelled_at = Status.CANCELLED, now
    Registration.objects.filter(pk__in=[one.pk for one in people]).update(status=Status.CANCELLED, cancelled_at=now)
    audit.log_status(people, was=Status.PENDING, by=audit.SITE)


def refresh(registration: Registration) -> None:
    """Take over what others wrote before the lock was ours; only these fields decide here. Raises Refused if erased."""
    registration.refresh_from_db(fields=[*STATUS_FIELDS, "email", "new_email", "erased_at"])
    if registration.erased_at:
        raise OperationError(_("The data of this person were erased."))


def find_live_registration(event: Event, email: str) -> Registration | None:
    # Not .first(): its ORDER BY makes PostgreSQL walk the primary key instead of the unique index on the address.
    return next(iter(event.registrations.live().with_email(email)), None)


def refuse_second_registration(registration: Registration) -> None:
    if registration.is_cancelled and (other := find_live_registration(registration.event, registration.email)):
        raise AlreadyRegistered(other)


def set_status(registration: Registration, verb: Callable[[Registration], None], *, by: audit.ChangedBy) -> None:
    """Change how somebody stands by `verb`, one of those below, store it and write down who did it."""
    was = registration.status
    verb(registration)
    registration.save(update_fields=STATUS_FIELDS)
    audit.log_status([registration], was=was, by=by)


def mark_confirmed_or_pending(registration: Registration, event: Event) -> None:
    """Give the place, or hold it where the event wants the address confirmed and it is not yet."""
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
