"""How a registration stands: confirming, cancelling, coming back, moving on and off the waiting list.

Who comes back after being cancelled loses the choices that have become full meanwhile: they cannot choose others
before they are back.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from registrations import audit
from registrations.availability import State, get_availability, get_availability_by_places
from registrations.mail import outbox
from registrations.models import OutgoingEmail, Registration
from registrations.operations.choice_limits import drop_full_choices
from registrations.operations.locking import EventFull, OperationError, RegistrationClosed, lock_event
from registrations.operations.waiting_list import (
    fill_free_places,
    mark_cancelled,
    mark_confirmed,
    mark_waitlisted,
    refresh,
    refuse_second_registration,
    set_status,
)

Kind = OutgoingEmail.Kind


def cancel(registration: Registration, *, by: audit.ChangedBy = None, notify: bool = True) -> bool:
    """Cancel, give the freed place to the first in line, and queue the e-mails. False if it was cancelled already.

    Here as in the other verbs, `by` is the organiser who does it, None for the person by their link; and unless
    to `notify`, the person is not e-mailed. Those who get a place by it always are.
    """
    with lock_event(registration.event) as event:
        refresh(registration)
        if registration.is_cancelled:
            return False
        cancel_locked(registration, by=by)
        if notify:
            outbox.queue(registration, Kind.CANCELLED)
        fill_free_places(event)
    return True


def cancel_locked(registration: Registration, *, by: audit.ChangedBy = None) -> None:
    """Cancel without an e-mail. For callers who hold the event's lock and `settle` after it."""
    set_status(registration, mark_cancelled, by=by)


def rejoin(registration: Registration) -> bool:
    """Take a cancelled registration up again, by the person's own link: with a place, or at the end of the line.

    The address counts as confirmed, for the link came by e-mail. False if the registration stands already.
    Raises RegistrationClosed once the event has started, EventFull when there is neither a place nor an open
    waiting list, and AlreadyRegistered when the address has registered anew.
    """
    with lock_event(registration.event) as event:
        counted = fill_free_places(event).places
        refresh(registration)
        if not registration.is_cancelled:
            return False
        if event.has_started or not event.is_published:
            raise RegistrationClosed(get_availability(event, counted))
        refuse_second_registration(registration)
        offered = get_availability_by_places(event, counted)
        if not offered.accepts_sign_ups:
            raise EventFull
        drop_full_choices(registration, event)
        registration.email_confirmed_at = timezone.now()
        set_status(registration, mark_confirmed if offered.state == State.OPEN else mark_waitlisted, by=None)
        outbox.queue_status_email(registration)
    return True


def confirm_address(registration: Registration) -> bool:
    """Make a held place final, by the person's own link. False if there is nothing to confirm (any more)."""
    with lock_event(registration.event) as event:
        fill_free_places(event)
        refresh(registration)
        if not registration.is_pending:
            return False
        registration.email_confirmed_at = timezone.now()
        set_status(registration, mark_confirmed, by=None)
        outbox.queue(registration, Kind.REGISTERED)
    return True


def confirm(registration: Registration, *, by: audit.ChangedBy = None, notify: bool = True) -> bool:
    """Give a place to somebody waiting, cancelled or yet to confirm, and queue the e-mail. False if they have one.

    Raises EventFull when no place is free or, unless the event leaves it to its organisers, others wait before
    them; and AlreadyRegistered when a cancelled person's address has another live registration.
    """
    with lock_event(registration.event) as event:
        settlement = fill_free_places(event)
        refresh(registration)
        if registration.is_confirmed:
            return registration in settlement.people
        refuse_second_registration(registration)
        is_first = get_availability_by_places(event, settlement.places).state == State.OPEN
        is_chosen = settlement.places.free != 0 and not event.promotes_automatically
        if not (registration.is_pending or is_first or is_chosen):
            raise EventFull
        if registration.is_cancelled:
            drop_full_choices(registration, event)
        kind = Kind.PROMOTED if registration.is_waitlisted else Kind.REGISTERED
        set_status(registration, mark_confirmed, by=by)
        if notify:
            outbox.queue(registration, kind)
    return True


def promote_out_of_turn(
    registration: Registration, *, beyond_capacity: bool = False, by: audit.ChangedBy = None, notify: bool = True
) -> bool:
    """Give a place to this person on the waiting list, past those before them. False if they have one.

    Raises EventFull when none is free, unless it is to go `beyond_capacity`; Refused when they do not wait.
    """
    with lock_event(registration.event) as event:
        settlement = fill_free_places(event)
        refresh(registration)
        if registration.is_confirmed or registration.is_pending:
            return registration in settlement.people
        if not registration.is_waitlisted:
            raise OperationError(_("Only somebody on the waiting list can be promoted."))
        if settlement.places.free == 0 and not beyond_capacity:
            raise EventFull
        set_status(registration, mark_confirmed, by=by)
        if notify:
            outbox.queue(registration, Kind.PROMOTED)
    return True


def promote_beyond_capacity(registration: Registration, *, by: audit.ChangedBy = None, notify: bool = True) -> bool:
    """Give a place to this person on the waiting list even when none is free. Else like `promote_out_of_turn`."""
    return promote_out_of_turn(registration, beyond_capacity=True, by=by, notify=notify)


def move_to_waiting_list(registration: Registration, *, by: audit.ChangedBy = None, notify: bool = True) -> bool:
    """Put somebody at the end of the line; a place they held goes to the first in it. False if they wait already.

    Raises Refused when the place would come straight back to them, for want of anybody else waiting, and
    AlreadyRegistered when a cancelled person's address has another live registration.
    """
    with lock_event(registration.event) as event:
        fill_free_places(event)
        refresh(registration)
        if registration.is_waitlisted:
            return False
        refuse_second_registration(registration)
        if registration.is_cancelled:
            drop_full_choices(registration, event)
        set_status(registration, mark_waitlisted, by=by)
        if notify:
            outbox.queue(registration, Kind.WAITLISTED)
        if registration in fill_free_places(event).people:
            raise OperationError(_("A place is free and nobody else is waiting for it."))
    return True
