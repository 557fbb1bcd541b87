"""Who has a place and who waits: the changes of a registration's status.

`by` is the organiser who does it, None for the person with their own link; without `notify`, the person gets no e-mail.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.models import Event
from registrations import audit
from registrations.availability import State, get_availability, get_availability_by_places
from registrations.mail import outbox
from registrations.models import OutgoingEmail, Registration
from registrations.operations.answer_updates import drop_full_choices
from registrations.operations.exceptions import (
    AddressTaken,
    AlreadyRegistered,
    EventFull,
    OperationError,
    RegistrationClosed,
)
from registrations.operations.locking import lock_coming_event, lock_event, refresh
from registrations.operations.waiting_list import fill_free_places, write_status

Kind = OutgoingEmail.Kind
Status = Registration.Status

# As the unique index on the person has it. Every registration needs this, and under the lock: building the query took
# five times as long as running it. Without the addition, as long as PostgreSQL has no statistics of a new table, it
# would go through all registrations of the event.
LIVE_REGISTRATION = """
    SELECT id FROM registrations_registration
    WHERE event_id + 0 = %s AND lower(email) = lower(%s) AND email <> ''
        AND person_key = registrations_person_key(%s, %s)
        AND status <> 'cancelled' AND erased_at IS NULL AND id IS DISTINCT FROM %s
"""


def set_status(
    registration: Registration, status: str, *, by: audit.ChangedBy, email: str = "", hold_until: datetime | None = None
) -> None:
    """Change the status, save it, log who did it, and queue an e-mail of the kind `email`. Requires the lock."""
    was = registration.status
    write_status(registration, status, hold_until=hold_until)
    registration.save(update_fields=Registration.STATUS_FIELDS)
    audit.log_status([registration], was=was, by=by)
    if email:
        outbox.queue(registration, email)


def find_live_registration(registration: Registration, **changed: str) -> Registration | None:
    """Find the other live registration of the same person: with this one's event, address and name, or `changed` ones.

    Upper and lower case of the address do not matter, nor what `PersonKey` leaves out of the name.
    """
    identity = [changed.get(name, getattr(registration, name)) for name in Registration.IDENTITY_FIELDS]
    values = [registration.event_id, *identity, registration.pk]
    with connection.cursor() as cursor:
        cursor.execute(LIVE_REGISTRATION, values)
        found = cursor.fetchone()
    return Registration.objects.get(pk=found[0]) if found else None


def find_conflict(registration: Registration, event: Event, **changed: str) -> AlreadyRegistered | None:
    """Return why there cannot be this live registration too, as it is or with `changed` values; None if there can.

    `event` is the locked one. People who shared an address before it took one registration for each can go on so.
    """
    if other := find_live_registration(registration, **changed):
        return AlreadyRegistered(other)
    email = changed.get("email", registration.email)
    is_new = not changed or email.lower() != registration.email.lower()
    if event.one_per_address and is_new and email:
        people = event.registrations.live().not_erased().with_email(email).exclude(pk=registration.pk)
        if other := people.order_by("pk").first():
            return AddressTaken(other)
    return None


def refuse_second_registration(registration: Registration, event: Event) -> None:
    """Raise AlreadyRegistered if this one is cancelled and its person has another, live registration."""
    if registration.is_cancelled and (conflict := find_conflict(registration, event)):
        raise conflict


def refuse_other_persons_identity(registration: Registration, event: Event, values: Mapping) -> None:
    """Raise AlreadyRegistered if this one is live and with these values would be a second one of another person's."""
    new = {name: values[name] for name in Registration.IDENTITY_FIELDS if name in values}
    changed = {name: value for name, value in new.items() if value != getattr(registration, name)}
    if changed and not registration.is_cancelled and (conflict := find_conflict(registration, event, **changed)):
        raise conflict


def cancel(registration: Registration, *, by: audit.ChangedBy = None, notify: bool = True) -> bool:
    """Cancel, promote the first on the waiting list, and queue the e-mails. False if it is cancelled already."""
    with lock_event(registration.event) as event:
        refresh(registration)
        if registration.is_cancelled:
            return False
        set_status(registration, Status.CANCELLED, by=by, email=Kind.CANCELLED if notify else "")
        fill_free_places(event)
    return True


def rejoin(registration: Registration) -> bool:
    """Restore a cancelled registration through the person's own link: with a place or at the end of the waiting list.

    Returns False if it is not cancelled. Raises RegistrationClosed after the start, EventFull, or AlreadyRegistered.
    """
    with lock_coming_event(registration.event) as event:
        _promoted, counts = fill_free_places(event)
        refresh(registration)
        if not registration.is_cancelled:
            return False
        if event.has_started or not event.is_published:
            raise RegistrationClosed(get_availability(event, counts))
        refuse_second_registration(registration, event)
        availability = get_availability_by_places(event, counts)
        if not availability.accepts_registrations:
            raise EventFull
        drop_full_choices(registration, event)
        if registration.email:
            registration.email_confirmed_at = timezone.now()  # because the link was e-mailed
        set_status(registration, Status.CONFIRMED if availability.state == State.OPEN else Status.WAITLISTED, by=None)
        outbox.queue_status_email(registration)
    return True


def confirm_address(registration: Registration) -> bool:
    """Turn a held place into a confirmed one, through the person's own link. False if there is nothing to confirm."""
    with lock_coming_event(registration.event) as event:
        fill_free_places(event)
        refresh(registration)
        if not registration.is_pending:
            return False
        registration.email_confirmed_at = timezone.now()
        set_status(registration, Status.CONFIRMED, by=None, email=Kind.REGISTERED)
    return True


def confirm(registration: Registration, *, by: audit.ChangedBy = None, notify: bool = True) -> bool:
    """Give a place to somebody who is waitlisted, cancelled or pending. False if they have one already.

    Raises AlreadyRegistered, and EventFull if no place is free or others wait (unless organisers choose who gets one).
    """
    with lock_coming_event(registration.event) as event:
        promoted, counts = fill_free_places(event)
        refresh(registration)
        if registration.is_confirmed:
            return registration in promoted
        refuse_second_registration(registration, event)
        is_first = get_availability_by_places(event, counts).state == State.OPEN
        is_chosen = counts.free != 0 and not event.promotes_automatically
        if not (registration.is_pending or is_first or is_chosen):
            raise EventFull
        if registration.is_cancelled:
            drop_full_choices(registration, event)
        kind = Kind.PROMOTED if registration.is_waitlisted else Kind.REGISTERED
        set_status(registration, Status.CONFIRMED, by=by, email=kind if notify else "")
    return True


def promote_out_of_turn(
    registration: Registration, *, beyond_capacity: bool = False, by: audit.ChangedBy = None, notify: bool = True
) -> bool:
    """Give a place to this person on the waiting list before those ahead of them. False if they have one already.

    Raises EventFull if no place is free, unless `beyond_capacity`; OperationError if they are not waitlisted.
    """
    with lock_coming_event(registration.event) as event:
        promoted, counts = fill_free_places(event)
        refresh(registration)
        if registration.is_confirmed or registration.is_pending:
            return registration in promoted
        if not registration.is_waitlisted:
            raise OperationError(_("Only people on the waiting list can be given a place this way."))
        if counts.free == 0 and not beyond_capacity:
            raise EventFull
        set_status(registration, Status.CONFIRMED, by=by, email=Kind.PROMOTED if notify else "")
    return True


promote_beyond_capacity = partial(promote_out_of_turn, beyond_capacity=True)


def move_to_waiting_list(registration: Registration, *, by: audit.ChangedBy = None, notify: bool = True) -> bool:
    """Put somebody at the end of the waiting list; their place goes to the first on it. False if they wait already.

    Raises AlreadyRegistered, and OperationError if the place would come straight back as nobody else is waiting.
    """
    with lock_coming_event(registration.event) as event:
        fill_free_places(event)
        refresh(registration)
        if registration.is_waitlisted:
            return False
        refuse_second_registration(registration, event)
        if registration.is_cancelled:
            drop_full_choices(registration, event)
        set_status(registration, Status.WAITLISTED, by=by, email=Kind.WAITLISTED if notify else "")
        if registration in fill_free_places(event)[0]:
            raise OperationError(
                _("Not moved: a place is available and nobody else is waiting, so they would get it straight back.")
            )
    return True
