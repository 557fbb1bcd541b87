"""The event's lock, which every change to a registration holds."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import DeadlockDetected, LockNotAvailable

from conference.models import Event
from registrations.models import EventCounts, Registration
from registrations.operations.exceptions import Busy, EventCancelled, OperationError

# What operations need of an event, in the model's order; the rest is read when it is used.
NEEDED_FIELDS = {
    *("id", "slug", "time_zone", "is_published", "starts_at", "ends_at", "registration_opens_at", "changes_until"),
    *("registration_closes_at", "capacity", "waiting_list_enabled", "promotes_automatically", "confirm_email"),
    *("hold_hours", "one_per_address", "cancelled_at"),
}
LOCKED_FIELDS = [field.attname for field in Event._meta.concrete_fields if field.attname in NEEDED_FIELDS]
COUNTED = ["pending", "confirmed", "waitlisted"]
# FOR NO KEY UPDATE is as safe as FOR UPDATE here, and does not block checks of foreign keys to the event. Both rows are
# locked: of a row that is only joined, PostgreSQL returns what it was before waiting for the lock. Written out and read
# row by row, because everybody waits for it: building the query takes longer than running it.
LOCK_EVENT = f"""
    SELECT {", ".join(f"event.{name}" for name in LOCKED_FIELDS)}, {", ".join(f"counts.{name}" for name in COUNTED)},
        statement_timestamp() AS locked_at
    FROM conference_event AS event JOIN registrations_eventcounts AS counts ON counts.event_id = event.id
    WHERE event.id = %s FOR NO KEY UPDATE
"""  # noqa: S608 (the names are ours)


@contextmanager
def lock_event(event: Event) -> Iterator[Event]:
    """Open a transaction that holds the event's lock, and yield the event as it is under the lock. Raises Busy."""
    with busy_on_lock_timeout(), transaction.atomic():
        yield select_event_for_update(event)


@contextmanager
def lock_coming_event(event: Event) -> Iterator[Event]:
    """Do what `lock_event` does, for what a cancelled event does not allow. Raises EventCancelled, or Busy."""
    with lock_event(event) as event:
        if event.is_cancelled:
            raise EventCancelled
        yield event


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
    """Lock the event and its counts, and return it with `counts` as they are then, which do not follow later changes.

    `locked_at` is when the lock was asked for, by the database's clock.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK_EVENT, [event.pk])
        row = cursor.fetchone()
    if row is None:
        raise Event.DoesNotExist
    fields, (*counts, locked_at) = row[: len(LOCKED_FIELDS)], row[len(LOCKED_FIELDS) :]
    event = Event.from_db(connection.alias, LOCKED_FIELDS, fields)
    event.locked_at = locked_at
    # So that `event.counts` needs no query.
    EventCounts(event=event, **dict(zip(COUNTED, counts, strict=True)))
    return event


def refresh(registration: Registration, *fields: str) -> None:
    """Read the status, the person and these `fields` again under the lock. Raises OperationError if erased."""
    stored = [*Registration.STATUS_FIELDS, *Registration.LINK_FIELDS, *Registration.IDENTITY_FIELDS, "erased_at"]
    registration.refresh_from_db(fields=[*stored, *fields])
    if registration.erased_at:
        raise OperationError(_("This person's data has been erased."))
