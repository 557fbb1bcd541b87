"""The verbs. Only they write a registration's status.

Each is one transaction that locks the event's row, counts after the lock, and only then writes, so
places are never given twice and nobody overtakes the waiting list. E-mail is a row written in the
same transaction; sending it happens elsewhere. Nothing slow happens inside the lock.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg2.errors import LockNotAvailable

from conference.models import Event, Topic
from registrations import emails
from registrations.availability import Availability, Places, State, availability, offer, places
from registrations.models import OutgoingEmail, Registration, new_reference

Kind = OutgoingEmail.Kind
Source = Registration.Source
Status = Registration.Status

STATUS_FIELDS = ["status", "confirmed_at", "waiting_since", "cancelled_at"]

# A second sign-up within this time does not send the owner another copy of the same message.
REPEAT_AFTER = timedelta(minutes=10)


class Refused(Exception):
    """The operation was not done, and nothing was changed. Its text tells people why."""


class RegistrationClosed(Refused):
    """The event takes no sign-ups now; `availability` says why."""

    def __init__(self, availability: Availability):
        super().__init__(_("Registration is closed."))
        self.availability = availability


class AlreadyRegistered(Refused):
    """The address has a live registration for this event already: `registration`."""

    def __init__(self, registration: Registration):
        super().__init__(
            _("This e-mail address is already registered for this event: %(reference)s.")
            % {"reference": registration.reference}
        )
        self.registration = registration


class EventFull(Refused):
    def __init__(self):
        super().__init__(_("All places are taken."))


class Busy(Refused):
    def __init__(self):
        super().__init__(_("Very many people are using the site right now. Nothing was stored; please send it again."))


class SignUp(NamedTuple):
    """What came of a sign-up: the person's registration, and whether a newcomer gets a place now.

    `has_place` is the same for a known address and for a new one, so that nobody learns who is registered.
    """

    registration: Registration
    has_place: bool


def register(registration: Registration, *, topics: Iterable[Topic] = (), beyond_capacity: bool = False) -> SignUp:
    """Store a new `registration` (unsaved, filled in) with a place or on the waiting list, and queue its e-mail.

    Online, the event must be accepting sign-ups, and an address that is registered already keeps its
    first registration untouched: its owner is e-mailed instead. By hand or by import the times do not
    matter, a known address raises AlreadyRegistered, and `beyond_capacity` gives a place even when none is free.

    Raises RegistrationClosed, EventFull (full, and no waiting list), AlreadyRegistered or Busy.
    """
    online = registration.source == Source.ONLINE
    registration.reference = unused_reference()
    with locked(registration.event) as event:
        counted = promote_holding_lock(event).places_left
        offered = availability(event, counted) if online else offer(event, counted)
        if online and not (event.is_published and offered.accepts_sign_ups):
            raise RegistrationClosed(offered)
        has_place = beyond_capacity or offered.state == State.OPEN

        known = live_registration(event, registration.email)
        if known and not online:
            raise AlreadyRegistered(known)
        if known:
            remind_of_link(known)
            return SignUp(known, has_place)
        if not has_place and not event.waiting_list_enabled:
            raise EventFull

        registration.created_at = timezone.now()
        if has_place:
            give_place(registration)
        else:
            put_in_line(registration)
        registration.save()
        link = Registration.topics.through
        link.objects.bulk_create(link(registration=registration, topic=topic) for topic in topics)
        emails.queue(registration, Kind.REGISTERED if has_place else Kind.WAITLISTED)
    return SignUp(registration, has_place)


def cancel(registration: Registration) -> bool:
    """Cancel, give the freed place to the first in line, and queue the e-mails. False if it was cancelled already."""
    with locked(registration.event) as event:
        reread(registration)
        if registration.is_cancelled:
            return False
        registration.status, registration.cancelled_at = Status.CANCELLED, timezone.now()
        registration.save(update_fields=STATUS_FIELDS)
        emails.queue(registration, Kind.CANCELLED)
        promote_holding_lock(event)
    return True


def confirm(registration: Registration) -> bool:
    """Give a place to somebody waiting or cancelled, and queue the e-mail. False if they hold one already.

    Raises EventFull when no place is free or others wait before them, and AlreadyRegistered when a
    cancelled person's address has another live registration.
    """
    with locked(registration.event) as event:
        promotion = promote_holding_lock(event)
        reread(registration)
        if registration.holds_a_place:
            return registration in promotion.people
        refuse_second_live(registration)
        if offer(event, promotion.places_left).state != State.OPEN:
            raise EventFull
        give_place(registration)
        registration.save(update_fields=STATUS_FIELDS)
        emails.queue(registration, Kind.REGISTERED)
    return True


def move_to_waiting_list(registration: Registration) -> bool:
    """Put somebody at the end of the line; a place they held goes to the first in it. False if they wait already.

    Raises Refused when the place would come straight back to them, for want of anybody else waiting, and
    AlreadyRegistered when a cancelled person's address has another live registration.
    """
    with locked(registration.event) as event:
        promote_holding_lock(event)
        reread(registration)
        if registration.is_waiting:
            return False
        refuse_second_live(registration)
        put_in_line(registration)
        registration.save(update_fields=STATUS_FIELDS)
        emails.queue(registration, Kind.WAITLISTED)
        if registration in promote_holding_lock(event).people:
            raise Refused(_("A place is free and nobody else is waiting for it."))
    return True


def send_link_again(registration: Registration) -> OutgoingEmail:
    """Queue the message that tells how the registration stands, with the personal link."""
    kinds = {Status.CONFIRMED: Kind.REGISTERED, Status.WAITLISTED: Kind.WAITLISTED, Status.CANCELLED: Kind.CANCELLED}
    return emails.queue(registration, kinds[registration.status])


def change_address(registration: Registration, email: str) -> None:
    """Give the registration another e-mail address, and send the new personal link there; the old one stops working.

    What is not sent yet goes to the new address too. Raises AlreadyRegistered or Busy.
    """
    with locked(registration.event) as event:
        reread(registration)
        known = live_registration(event, email)
        if known and known != registration and not registration.is_cancelled:
            raise AlreadyRegistered(known)
        registration.email = email
        registration.save(update_fields=["email"])
        send_link_again(registration)


def promote(event: Event) -> list[Registration]:
    """Give the free places to those waiting, the first in line first, and queue their e-mails.

    Returns who got one. It ends when the event starts. Call it in the transaction that frees places.
    """
    with locked(event) as event:
        return promote_holding_lock(event).people


class Promotion(NamedTuple):
    """Who got a place, and what is left after it."""

    people: list[Registration]
    places_left: Places


def promote_holding_lock(event: Event) -> Promotion:
    counted = places(event)
    if not counted.waiting or counted.free == 0 or event.has_started:
        return Promotion([], counted)
    people = list(event.registrations.on_waiting_list()[: counted.free])
    for registration in people:
        give_place(registration)
        registration.save(update_fields=STATUS_FIELDS)
        emails.queue(registration, Kind.PROMOTED)
    return Promotion(people, places(event))


@contextmanager
def locked(event: Event) -> Iterator[Event]:
    """A transaction that holds the event's lock; yields the event as it is under the lock. Raises Busy."""
    with busy_when_locked_out(), transaction.atomic():
        yield lock_event(event)


@contextmanager
def busy_when_locked_out() -> Iterator[None]:
    """Raises Busy when a lock could not be had in time: see lock_timeout in the settings."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Busy from error
        raise


def lock_event(event: Event) -> Event:
    # FOR NO KEY UPDATE: as safe as FOR UPDATE here, and foreign keys to the event can still be checked meanwhile.
    return Event.objects.without_long_texts().select_for_update(no_key=True).get(pk=event.pk)


def reread(registration: Registration) -> None:
    """Take over what others wrote before the lock was ours; only these fields decide here."""
    registration.refresh_from_db(fields=[*STATUS_FIELDS, "email"])


def live_registration(event: Event, email: str) -> Registration | None:
    # Not .first(): its ORDER BY makes PostgreSQL walk the primary key instead of the unique index on the address.
    return next(iter(event.registrations.live().with_email(email)), None)


def refuse_second_live(registration: Registration) -> None:
    if registration.is_cancelled and (other := live_registration(registration.event, registration.email)):
        raise AlreadyRegistered(other)


def give_place(registration: Registration) -> None:
    registration.status, registration.confirmed_at = Status.CONFIRMED, timezone.now()
    registration.waiting_since = registration.cancelled_at = None


def put_in_line(registration: Registration) -> None:
    # Under the lock, so that the order of waiting_since is the order in which people came.
    registration.status, registration.waiting_since = Status.WAITLISTED, timezone.now()
    registration.confirmed_at = registration.cancelled_at = None


def remind_of_link(registration: Registration) -> None:
    """Tell the owner of a known address that somebody signed up with it again, but not over and over."""
    recently = timezone.now() - REPEAT_AFTER
    if not registration.emails.filter(kind=Kind.ALREADY_REGISTERED, created_at__gt=recently).exists():
        emails.queue(registration, Kind.ALREADY_REGISTERED)


def unused_reference() -> str:
    while Registration.objects.filter(reference=(reference := new_reference())).exists():
        pass
    return reference
