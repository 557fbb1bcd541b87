"""Whether people came: a dated fact beside their status."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from registrations import audit
from registrations.models import Registration
from registrations.operations.details import store
from registrations.operations.line import reread
from registrations.operations.lock import Refused, locked


def check_in(registration: Registration, *, by: audit.By) -> bool:
    """Note that somebody with a place came now. False if that is noted already. Raises Refused for all others."""
    with locked(registration.event):
        reread_attendance(registration)
        if registration.checked_in_at:
            return False
        if not registration.holds_a_place:
            raise Refused(_("Only somebody whose place is confirmed can be noted as having come."))
        return note(registration, timezone.now(), by)


def undo_check_in(registration: Registration, *, by: audit.By) -> bool:
    """Take back that somebody came, whatever their status. False if that is not noted."""
    with locked(registration.event):
        reread_attendance(registration)
        return note(registration, None, by)


def reread_attendance(registration: Registration) -> None:
    registration.refresh_from_db(fields=["checked_in_at"])
    reread(registration)


def note(registration: Registration, came_at: datetime | None, by: audit.By) -> bool:
    return store(registration, {"checked_in_at": came_at}, by=by)
