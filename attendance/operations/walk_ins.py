"""People who come without having registered."""

from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from attendance.forms import WalkInForm
from attendance.sealing import CannotBeOpened, open_walk_in
from attendance.uploads import Record
from conference.models import Event
from registrations.availability import State, count_places, get_availability_by_places
from registrations.models import Registration
from registrations.operations import AddressTaken, AlreadyRegistered, OperationError, register


class Admission(NamedTuple):
    """The walk-in's registration, and whether they had one before, and whether there was a place for them."""

    registration: Registration
    is_known: bool = False
    had_place: bool = True


def read_walk_in(event: Event, record: Record) -> WalkInForm | None:
    """Return what was entered about somebody, valid; None if nobody could be registered with it."""
    if isinstance(record.walk_in, WalkInForm):
        return record.walk_in
    try:
        values = open_walk_in(record.walk_in, str(record.id), event_pk=event.pk, secret_key=settings.SECRET_KEY)
    except CannotBeOpened:
        return None
    return WalkInForm.read(values)


def has_place(event: Event) -> bool:
    """Whether a newcomer gets a place now, because one is left and nobody waits for it. Requires the event's lock."""
    return get_availability_by_places(event, count_places(event, event.locked_at)).state == State.OPEN


def admit_walk_in(event: Event, form: WalkInForm) -> Admission | None:
    """Register somebody who is in already, with a place even if none is left. Requires the event's lock.

    Whoever has registered before with this name and address is not registered twice. None if the event is cancelled.
    """
    registration = form.build_registration(event)
    registration.consented_at = timezone.now()
    had_place = has_place(event)
    options = {"beyond_capacity": True, "notify": bool(registration.email) and not event.has_ended}
    try:
        return Admission(register(registration, **options).registration, had_place=had_place)
    except AddressTaken:  # by another person
        registration.email = ""
        return Admission(register(registration, beyond_capacity=True, notify=False).registration, had_place=had_place)
    except AlreadyRegistered as conflict:
        return Admission(conflict.registration, is_known=True)
    except OperationError:
        return None
