"""A limit of exports at a time, so that the site stays usable for others."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

MAX_SLOTS = 2
# With the number of a slot, this is the key of one of PostgreSQL's advisory locks.
LOCK_ID = 20270927


class NoFreeSlot(Exception):
    """MAX_SLOTS exports are being written already."""


@contextmanager
def export_slot() -> Iterator[None]:
    """Hold one of MAX_SLOTS slots, which all processes of the site share. Raises NoFreeSlot."""
    with connection.cursor() as cursor:
        number = next((n for n in range(MAX_SLOTS) if acquire_slot(cursor, n)), None)
        if number is None:
            raise NoFreeSlot
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_ID, number])


def acquire_slot(cursor, number: int) -> bool:
    """Take this slot if it is free; returns whether it was."""
    cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_ID, number])
    return cursor.fetchone()[0]
