"""Checking in one person, by somebody who can be told at once that it is not possible."""

from uuid import uuid4

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from attendance.models import CheckIn, DoorDevice
from attendance.operations.recording import Verdict, record_check_ins
from attendance.operations.walk_ins import has_place
from attendance.uploads import Record
from conference.models import Event
from registrations.models import Registration
from registrations.operations import OperationError, lock_event, refresh
from registrations.operations.exceptions import EventFull
from registrations.operations.status import find_live_registration

BY_HAND = CheckIn.Method.BY_HAND


def check_in(registration: Registration, *, by: User) -> bool:
    """Check in somebody with a place. False if they are checked in already. Raises OperationError for all others."""
    with lock_event(registration.event) as event:
        refresh(registration, "checked_in_at", "ticket_key")
        if registration.checked_in_at:
            return False
        if not registration.is_confirmed:
            raise OperationError(_("Only people with a confirmed place can be checked in."))
        record = Record(uuid4(), CheckIn.Kind.IN, event.locked_at, BY_HAND, key=registration.ticket_key)
        record_check_ins(event, [record], user=by)
        registration.refresh_from_db(fields=["checked_in_at"])
        return True


def undo_check_in(registration: Registration, *, by: User) -> bool:
    """Undo all check-ins of a person, whatever their status. False if they are not checked in."""
    with lock_event(registration.event) as event:
        refresh(registration, "checked_in_at")
        entries = registration.check_ins.filter(kind=CheckIn.Kind.IN).counted().valid().values_list("pk", flat=True)
        records = [Record(uuid4(), CheckIn.Kind.UNDO, event.locked_at, BY_HAND, undoes=pk) for pk in entries]
        record_check_ins(event, records, user=by)
        registration.refresh_from_db(fields=["checked_in_at"])
        return bool(records)


def record_walk_in(
    event: Event, record: Record, *, exceeds_capacity: bool, device: DoorDevice | None = None, user: User | None = None
) -> Verdict:
    """Register somebody who is still at the door, and let them in; or who has registered before. Raises EventFull.

    `record.walk_in` is a valid form. What was let in on a phone without a network is for `record_check_ins`.
    """
    with lock_event(event) as locked:
        registration = record.walk_in.build_registration(locked)
        is_allowed = exceeds_capacity or record.is_practice or has_place(locked)
        if not (is_allowed or find_live_registration(registration) or CheckIn.objects.filter(pk=record.id).exists()):
            raise EventFull
        recorded = record_check_ins(event, [record], device_now=record.at, device=device, user=user)
        return recorded.verdicts.get(record.id) or Verdict("")
