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
from registrations import audit, emails
from registrations.availability import Places, places
from registrations.models import OutgoingEmail, Registration
from registrations.operations.lock import AlreadyRegistered, Busy, Refused, locked

Status = Registration.Status

STATUS_FIELDS = ["status", "confirmed_at", "email_confirmed_at", "hold_until", "waiting_since", "cancelled_at"]


class Settlement(NamedTuple):
    """Who got a place, and what is left after it."""

    people: list[Registration]
    places: Places


def promote(event: Event) -> list[Registration]:
    """Give the free places to those waiting, the first in line first, and queue their e-mails.

    Returns who got one. It ends when the event starts. Call it in the transaction that frees places.
    """
    with locked(event) as event:
        return settle(event).people


def release_lapsed_holds() -> None:
    """Release every place that was held for somebody who did not confirm in time; it goes to the next in line."""
    lapsed = Registration.objects.with_lapsed_hold(timezone.now())
    for event in Event.objects.filter(registrations__in=lapsed).distinct():
        with suppress(Busy):  # a busy event settles its places itself, and must not hold up the others
            promote(event)


def settle(event: Event) -> Settlement:
    """Release the holds that have lapsed, then give the free places to those waiting, the first in line first.

    Nobody is promoted once the event has started, or where the organisers choose who is.
    """
    now = timezone.now()  # one for all, lest a hold lapse between counting and releasing
    counted = places(event, now)
    if counted.lapsed:
        release(list(event.registrations.with_lapsed_hold(now)), now)
    if not counted.waiting or counted.free == 0 or event.has_started or not event.promotes_automatically:
        return Settlement([], counted)
    people = list(event.registrations.on_waiting_list()[: counted.free])
    for registration in people:
        offer_place(registration, event)
    Registration.objects.bulk_update(people, STATUS_FIELDS, batch_size=500)
    audit.record_standing(people, was=Status.WAITLISTED, by=audit.SITE)
    emails.queue_all(people, OutgoingEmail.Kind.PROMOTED)
    return Settlement(people, places(event, now))


def release(people: list[Registration], now: datetime) -> None:
    """Take the places away that were held for these people."""
    for registration in people:
        registration.status, registration.cancelled_at = Status.CANCELLED, now
    Registration.objects.filter(pk__in=[one.pk for one in people]).update(status=Status.CANCELLED, cancelled_at=now)
    audit.record_standing(people, was=Status.PENDING, by=audit.SITE)


def reread(registration: Registration) -> None:
    """Take over what others wrote before the lock was ours; only these fields decide here. Raises Refused if erased."""
    registration.refresh_from_db(fields=[*STATUS_FIELDS, "email", "new_email", "erased_at"])
    if registration.erased_at:
        raise Refused(_("The data of this person were erased."))


def live_registration(event: Event, email: str) -> Registration | None:
    # Not .first(): its ORDER BY makes PostgreSQL walk the primary key instead of the unique index on the address.
    return next(iter(event.registrations.live().with_email(email)), None)


def refuse_second_live(registration: Registration) -> None:
    if registration.is_cancelled and (other := live_registration(registration.event, registration.email)):
        raise AlreadyRegistered(other)


def move(registration: Registration, verb: Callable[[Registration], None], *, by: audit.By) -> None:
    """Change how somebody stands by `verb`, one of those below, store it and write down who did it."""
    was = registration.status
    verb(registration)
    registration.save(update_fields=STATUS_FIELDS)
    audit.record_standing([registration], was=was, by=by)


def offer_place(registration: Registration, event: Event) -> None:
    """Give the place, or hold it where the event wants the address confirmed and it is not yet."""
    is_proven = registration.email_confirmed_at or registration.source != Registration.Source.ONLINE
    if not event.confirm_email or is_proven:
        give_place(registration)
        return
    registration.status = Status.PENDING
    registration.hold_until = timezone.now() + timedelta(hours=event.hold_hours)
    registration.waiting_since = registration.cancelled_at = None


def give_place(registration: Registration) -> None:
    registration.status, registration.confirmed_at = Status.CONFIRMED, timezone.now()
    registration.waiting_since = registration.cancelled_at = registration.hold_until = None


def put_in_line(registration: Registration) -> None:
    # Under the lock, so that the order of waiting_since is the order in which people came.
    registration.status, registration.waiting_since = Status.WAITLISTED, timezone.now()
    registration.confirmed_at = registration.cancelled_at = registration.hold_until = None


def take_place_away(registration: Registration) -> None:
    registration.status, registration.cancelled_at = Status.CANCELLED, timezone.now()
    registration.hold_until = None
