"""Whether people came: a dated fact beside their status."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from registrations import audit
from registrations.models import Registration
from registrations.operations.details import save_changes
from registrations.operations.locking import OperationError, lock_event
from registrations.operations.waiting_list import refresh


def check_in(registration: Registration, *, by: audit.ChangedBy) -> bool:
    """Note that somebody with a place came now. False if that is noted already. Raises Refused for all others."""
    with lock_event(registration.event):
        refresh_check_in(registration)
        if registration.checked_in_at:
            return False
        if not registration.is_confirmed:
            raise OperationError(_("Only somebody whose place is confirmed can be noted as having come."))
        return set_checked_in(registration, timezone.now(), by)


def undo_check_in(registration: Registration, *, by: audit.ChangedBy) -> bool:
    """Take back that somebody came, whatever their status. False if that is not noted."""
    with lock_event(registration.event):
        refresh_check_in(registration)
        return set_checked_in(registration, None, by)


def refresh_check_in(registration: Registration) -> None:
    registration.refresh_from_db(fields=["checked_in_at"])
    refresh(registration)


def set_checked_in(registration: Registration, came_at: datetime | None, by: audit.ChangedBy) -> bool:
    return save_changes(registration, {"checked_in_at": came_at}, by=by)
