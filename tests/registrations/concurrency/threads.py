"""Running operations at the same moment, each in its own thread."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import OperationalError, connection, connections
from django.db.models.functions import Now

from conference.models import Event
from registrations import operations
from registrations.models import EventCounts, Registration
from tests.waiting import TIMEOUT


def run_at_once(work, arguments) -> list:
    """Run `work` with each argument in its own thread, started together, and return the results in order."""
    arguments = list(arguments)
    start = threading.Barrier(len(arguments), timeout=2 * TIMEOUT)

    def run(argument):
        try:
            wait_for_connection()
            start.wait()
            return work(argument)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(arguments)) as threads:
        return list(threads.map(run, arguments))


def wait_for_connection() -> None:
    """Connect as soon as the server has a free connection: it may still be closing those of the previous test."""
    for _attempt in range(TIMEOUT):
        try:
            return connection.ensure_connection()
        except OperationalError as error:
            refusal = error
            time.sleep(1)
    raise AssertionError(f"No connection in {TIMEOUT} seconds: {refusal}")


def attempt(step):
    """Run the operation of `step` on its registration, and return the result or the refusal."""
    operation, registration = step
    try:
        return operation(registration)
    except operations.OperationError as refusal:
        return refusal


def reload(registration) -> Registration:
    return Registration.objects.get(pk=registration.pk)


def get_without_lock(event: Event) -> Event:
    return Event.objects.annotate(locked_at=Now()).get(pk=event.pk)


def get_with_lock_of_event_alone(event: Event) -> Event:
    """Do as the site does, except for the lock of the counts."""
    rows = EventCounts.objects.select_related("event").select_for_update(no_key=True, of=("event",))
    row = rows.annotate(locked_at=Now()).get(event=event)
    row.event.locked_at = row.locked_at
    return row.event
