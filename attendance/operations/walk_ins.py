"""People who come without having registered."""

from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from attendance.forms import WalkInForm
from attendance.models import CheckIn
from attendance.sealing import CannotBeOpened, open_walk_in
from attendance.uploads import Record
from conference.models import Event
from registrations.availability import State, count_places, get_availability_by_places
from registrations.models import Registration
from registrations.operations import AddressTaken, AlreadyRegistered, OperationError, register

Verdict = CheckIn.Verdict


class Admission(NamedTuple):
    """Whom a walk-in is; without a verdict, it is that of somebody who has registered before."""

    registration: Registration | None
    verdict: str = ""


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


def admit_walk_in(event: Event, form: WalkInForm) -> Admission:
    """Register somebody who is in already, with a place even if none is left. Requires the event's lock.

    Whoever has registered before with this name and address is not registered twice, and nobody if the event is
    cancelled.
    """
    registration = form.build_registration(event)
    registration.consented_at = timezone.now()
    verdict = Verdict.WELCOME if has_place(event) else Verdict.OVER_CAPACITY
    is_told = bool(registration.email) and not event.has_ended
    try:
        return Admission(register(registration, beyond_capacity=True, notify=is_told).registration, verdict)
    except AddressTaken:  # by another person
        registration.email = ""
        return Admission(register(registration, beyond_capacity=True, notify=False).registration, verdict)
    except AlreadyRegistered as conflict:
        return Admission(conflict.registration)
    except OperationError:
        return Admission(None, Verdict.UNKNOWN)
