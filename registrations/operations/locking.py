"""The event's lock, which every change to a registration holds."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import DeadlockDetected, LockNotAvailable

from conference.models import Event
from registrations.models import Registration
from registrations.operations.exceptions import Busy, OperationError


@contextmanager
def lock_event(event: Event) -> Iterator[Event]:
    """Open a transaction that holds the event's lock, and yield the event as it is under the lock. Raises Busy."""
    with busy_on_lock_timeout(), transaction.atomic():
        yield select_event_for_update(event)


@contextmanager
def busy_on_lock_timeout() -> Iterator[None]:
    """Raise Busy after a deadlock, or when a lock is not available within the settings' lock_timeout."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, (LockNotAvailable, DeadlockDetected)):
            raise Busy from error
        raise


def select_event_for_update(event: Event) -> Event:
    # FOR NO KEY UPDATE is as safe as FOR UPDATE here, and does not block checks of foreign keys to the event.
    return Event.objects.defer_long_texts().select_for_update(no_key=True).get(pk=event.pk)


def refresh(registration: Registration, *fields: str) -> None:
    """Read the status, the address and these `fields` again under the lock. Raises OperationError if erased."""
    stored = [*Registration.STATUS_FIELDS, *Registration.LINK_FIELDS, "erased_at"]
    registration.refresh_from_db(fields=[*stored, *fields])
    if registration.erased_at:
        raise OperationError(_("This person's data has been erased."))
