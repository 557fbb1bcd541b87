"""Checking people in: a time stored beside their status."""

from django.utils import timezone
from django.utils.translation import gettext as _

from registrations import audit
from registrations.models import Registration
from registrations.operations.exceptions import OperationError
from registrations.operations.locking import lock_event
from registrations.operations.person_details import save_changes
from registrations.operations.waiting_list import refresh


def check_in(registration: Registration, *, by: audit.ChangedBy) -> bool:
    """Check in somebody with a place. False if they are checked in already. Raises OperationError for all others."""
    with lock_event(registration.event):
        registration.refresh_from_db(fields=["checked_in_at"])
        refresh(registration)
        if registration.checked_in_at:
            return False
        if not registration.is_confirmed:
            raise OperationError(_("Only people with a confirmed place can be checked in."))
        return save_changes(registration, {"checked_in_at": timezone.now()}, by=by)


def undo_check_in(registration: Registration, *, by: audit.ChangedBy) -> bool:
    """Undo a check-in, whatever the person's status. False if they are not checked in."""
    with lock_event(registration.event):
        registration.refresh_from_db(fields=["checked_in_at"])
        refresh(registration)
        return save_changes(registration, {"checked_in_at": None}, by=by)
