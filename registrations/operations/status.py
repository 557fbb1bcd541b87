"""Status changes of one registration: confirm, cancel, rejoin, promote, move to the waiting list.

`by` is the organiser who does it, None for the person with their own link. Without `notify` the person gets no
e-mail. Whoever is promoted because a place became free always gets one.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from registrations import audit
from registrations.availability import State, get_availability, get_availability_by_places
from registrations.mail import outbox
from registrations.models import OutgoingEmail, Registration
from registrations.operations.answer_updates import drop_full_choices
from registrations.operations.exceptions import EventFull, OperationError, RegistrationClosed
from registrations.operations.locking import lock_event
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
    """Cancel, promote the first on the waiting list, and queue the e-mails. False if it is cancelled already."""
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
    """Cancel without an e-mail, for a caller who holds the event's lock and calls `fill_free_places` afterwards."""
    set_status(registration, mark_cancelled, by=by)


def rejoin(registration: Registration) -> bool:
    """Restore a cancelled registration through the person's own link: with a place or at the end of the waiting list.

    The address counts as confirmed, because the link was e-mailed. Returns False if it is not cancelled. Raises
    RegistrationClosed after the event has started, EventFull if there is no place and no open waiting list, and
    AlreadyRegistered if the address has another live registration.
    """
    with lock_event(registration.event) as event:
        counts = fill_free_places(event).places
        refresh(registration)
        if not registration.is_cancelled:
            return False
        if event.has_started or not event.is_published:
            raise RegistrationClosed(get_availability(event, counts))
        refuse_second_registration(registration)
        availability = get_availability_by_places(event, counts)
        if not availability.accepts_registrations:
            raise EventFull
        drop_full_choices(registration, event)
        registration.email_confirmed_at = timezone.now()
        set_status(registration, mark_confirmed if availability.state == State.OPEN else mark_waitlisted, by=None)
        outbox.queue_status_email(registration)
    return True


def confirm_address(registration: Registration) -> bool:
    """Turn a held place into a confirmed one, through the person's own link. False if there is nothing to confirm."""
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
    """Give a place to somebody who is waitlisted, cancelled or pending. False if they have one already.

    Raises EventFull if no place is free or others wait before them (unless the event's organisers choose who gets
    a place), and AlreadyRegistered if a cancelled person's address has another live registration.
    """
    with lock_event(registration.event) as event:
        result = fill_free_places(event)
        refresh(registration)
        if registration.is_confirmed:
            return registration in result.people
        refuse_second_registration(registration)
        is_first = get_availability_by_places(event, result.places).state == State.OPEN
        is_chosen = result.places.free != 0 and not event.promotes_automatically
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
    """Give a place to this person on the waiting list before those ahead of them. False if they have one already.

    Raises EventFull if no place is free, unless `beyond_capacity`; OperationError if they are not waitlisted.
    """
    with lock_event(registration.event) as event:
        result = fill_free_places(event)
        refresh(registration)
        if registration.is_confirmed or registration.is_pending:
            return registration in result.people
        if not registration.is_waitlisted:
            raise OperationError(_("Only people on the waiting list can be given a place this way."))
        if result.places.free == 0 and not beyond_capacity:
            raise EventFull
        set_status(registration, mark_confirmed, by=by)
        if notify:
            outbox.queue(registration, Kind.PROMOTED)
    return True


def promote_beyond_capacity(registration: Registration, *, by: audit.ChangedBy = None, notify: bool = True) -> bool:
    """Like `promote_out_of_turn`, but even if no place is free."""
    return promote_out_of_turn(registration, beyond_capacity=True, by=by, notify=notify)


def move_to_waiting_list(registration: Registration, *, by: audit.ChangedBy = None, notify: bool = True) -> bool:
    """Put somebody at the end of the waiting list; their place goes to the first on it. False if they wait already.

    Raises OperationError if the place would come straight back to them because nobody else is waiting, and
    AlreadyRegistered if a cancelled person's address has another live registration.
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
            raise OperationError(
                _("Not moved: a place is available and nobody else is waiting, so they would get it straight back.")
            )
    return True
