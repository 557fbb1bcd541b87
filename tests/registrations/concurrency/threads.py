"""Deeds at the same moment, in a thread each."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import OperationalError, connection, connections

from conference.models import Event
from registrations import operations
from registrations.models import Registration

TIMEOUT = 60  # seconds; a busy machine may need many


def run_at_once(work, arguments) -> list:
    """Run `work` with each argument in a thread of its own, started together; their results in order."""
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
    """Connect once the server has room again: it may still be seeing off the threads of the test before."""
    for _attempt in range(TIMEOUT):
        try:
            return connection.ensure_connection()
        except OperationalError as error:
            refusal = error
            time.sleep(1)
    raise AssertionError(f"No connection in {TIMEOUT} seconds: {refusal}")


def attempt(deed):
    """Do it; what comes back, or the refusal."""
    verb, registration = deed
    try:
        return verb(registration)
    except operations.OperationError as refusal:
        return refusal


def reload(registration) -> Registration:
    return Registration.objects.get(pk=registration.pk)


def get_without_lock(event: Event) -> Event:
    return Event.objects.get(pk=event.pk)
