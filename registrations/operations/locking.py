"""The event's lock, and what is raised when an operation is refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import DeadlockDetected, LockNotAvailable

from conference.models import Event
from registrations.availability import Availability
from registrations.models import Registration


class OperationError(Exception):
    """The operation was not done, and nothing was changed. Its text tells people why."""


class RegistrationClosed(OperationError):
    """The event takes no sign-ups now; `availability` says why."""

    def __init__(self, availability: Availability):
        super().__init__(_("Registration is closed."))
        self.availability = availability


class AlreadyRegistered(OperationError):
    """The address has a live registration for this event already: `registration`."""

    def __init__(self, registration: Registration):
        super().__init__(
            _("This e-mail address is already registered for this event: %(reference)s. Please use that registration.")
            % {"reference": registration.reference}
        )
        self.registration = registration


class EventFull(OperationError):
    def __init__(self):
        super().__init__(_("All places are taken."))


class Busy(OperationError):
    def __init__(self):
        super().__init__(_("Very many people are using the site right now. Nothing was stored; please send it again."))


@contextmanager
def lock_event(event: Event) -> Iterator[Event]:
    """A transaction that holds the event's lock; yields the event as it is under the lock. Raises Busy."""
    with busy_on_lock_timeout(), transaction.atomic():
        yield select_event_for_update(event)


@contextmanager
def busy_on_lock_timeout() -> Iterator[None]:
    """Raises Busy when a lock could not be had in time, see lock_timeout in the settings, or never could be."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, (LockNotAvailable, DeadlockDetected)):
            raise Busy from error
        raise


def select_event_for_update(event: Event) -> Event:
    # FOR NO KEY UPDATE: as safe as FOR UPDATE here, and foreign keys to the event can still be checked meanwhile.
    return Event.objects.defer_long_texts().select_for_update(no_key=True).get(pk=event.pk)
