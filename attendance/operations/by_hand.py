"""Checking people in from the list of registrations, without a door."""

from uuid import uuid4

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from attendance.models import CheckIn
from attendance.operations.recording import record_check_ins
from attendance.uploads import Record
from registrations.models import Registration
from registrations.operations import OperationError, lock_event, refresh

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
