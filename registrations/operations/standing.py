"""How a registration stands: confirming, cancelling, coming back, moving on and off the waiting list.

Who comes back after being cancelled loses the choices that have become full meanwhile: they cannot choose others
before they are back.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from registrations import audit, emails
from registrations.availability import State, availability, offer
from registrations.models import OutgoingEmail, Registration
from registrations.operations.choices import drop_full_choices
from registrations.operations.line import (
    give_place,
    move,
    put_in_line,
    refuse_second_live,
    reread,
    settle,
    take_place_away,
)
from registrations.operations.lock import EventFull, Refused, RegistrationClosed, locked

Kind = OutgoingEmail.Kind


def cancel(registration: Registration, *, by: audit.By = None, notify: bool = True) -> bool:
    """Cancel, give the freed place to the first in line, and queue the e-mails. False if it was cancelled already.

    Here as in the other verbs, `by` is the organiser who does it, None for the person by their link; and unless
    to `notify`, the person is not e-mailed. Those who get a place by it always are.
    """
    with locked(registration.event) as event:
        reread(registration)
        if registration.is_cancelled:
            return False
        give_up(registration, by=by)
        if notify:
            emails.queue(registration, Kind.CANCELLED)
        settle(event)
    return True


def give_up(registration: Registration, *, by: audit.By = None) -> None:
    """Cancel without an e-mail. For callers who hold the event's lock and `settle` after it."""
    move(registration, take_place_away, by=by)


def rejoin(registration: Registration) -> bool:
    """Take a cancelled registration up again, by the person's own link: with a place, or at the end of the line.

    The address counts as confirmed, for the link came by e-mail. False if the registration stands already.
    Raises RegistrationClosed once the event has started, EventFull when there is neither a place nor an open
    waiting list, and AlreadyRegistered when the address has registered anew.
    """
    with locked(registration.event) as event:
        counted = settle(event).places
        reread(registration)
        if not registration.is_cancelled:
            return False
        if event.has_started or not event.is_published:
            raise RegistrationClosed(availability(event, counted))
        refuse_second_live(registration)
        offered = offer(event, counted)
        if not offered.accepts_sign_ups:
            raise EventFull
        drop_full_choices(registration, event)
        registration.email_confirmed_at = timezone.now()
        move(registration, give_place if offered.state == State.OPEN else put_in_line, by=None)
        emails.queue_standing(registration)
    return True


def confirm_address(registration: Registration) -> bool:
    """Make a held place final, by the person's own link. False if there is nothing to confirm (any more)."""
    with locked(registration.event) as event:
        settle(event)
        reread(registration)
        if not registration.is_pending:
            return False
        registration.email_confirmed_at = timezone.now()
        move(registration, give_place, by=None)
        emails.queue(registration, Kind.REGISTERED)
    return True


def confirm(registration: Registration, *, by: audit.By = None, notify: bool = True) -> bool:
    """Give a place to somebody waiting, cancelled or yet to confirm, and queue the e-mail. False if they have one.

    Raises EventFull when no place is free or, unless the event leaves it to its organisers, others wait before
    them; and AlreadyRegistered when a cancelled person's address has another live registration.
    """
    with locked(registration.event) as event:
        settlement = settle(event)
        reread(registration)
        if registration.holds_a_place:
            return registration in settlement.people
        refuse_second_live(registration)
        is_first = offer(event, settlement.places).state == State.OPEN
        is_chosen = settlement.places.free != 0 and not event.promotes_automatically
        if not (registration.is_pending or is_first or is_chosen):
            raise EventFull
        if registration.is_cancelled:
            drop_full_choices(registration, event)
        kind = Kind.PROMOTED if registration.is_waiting else Kind.REGISTERED
        move(registration, give_place, by=by)
        if notify:
            emails.queue(registration, kind)
    return True


def promote_out_of_turn(
    registration: Registration, *, beyond_capacity: bool = False, by: audit.By = None, notify: bool = True
) -> bool:
    """Give a place to this person on the waiting list, past those before them. False if they have one.

    Raises EventFull when none is free, unless it is to go `beyond_capacity`; Refused when they do not wait.
    """
    with locked(registration.event) as event:
        settlement = settle(event)
        reread(registration)
        if registration.holds_a_place or registration.is_pending:
            return registration in settlement.people
        if not registration.is_waiting:
            raise Refused(_("Only somebody on the waiting list can be promoted."))
        if settlement.places.free == 0 and not beyond_capacity:
            raise EventFull
        move(registration, give_place, by=by)
        if notify:
            emails.queue(registration, Kind.PROMOTED)
    return True


def promote_beyond_capacity(registration: Registration, *, by: audit.By = None, notify: bool = True) -> bool:
    """Give a place to this person on the waiting list even when none is free. Else like `promote_out_of_turn`."""
    return promote_out_of_turn(registration, beyond_capacity=True, by=by, notify=notify)


def move_to_waiting_list(registration: Registration, *, by: audit.By = None, notify: bool = True) -> bool:
    """Put somebody at the end of the line; a place they held goes to the first in it. False if they wait already.

    Raises Refused when the place would come straight back to them, for want of anybody else waiting, and
    AlreadyRegistered when a cancelled person's address has another live registration.
    """
    with locked(registration.event) as event:
        settle(event)
        reread(registration)
        if registration.is_waiting:
            return False
        refuse_second_live(registration)
        if registration.is_cancelled:
            drop_full_choices(registration, event)
        move(registration, put_in_line, by=by)
        if notify:
            emails.queue(registration, Kind.WAITLISTED)
        if registration in settle(event).people:
            raise Refused(_("A place is free and nobody else is waiting for it."))
    return True
