"""Only so many exports at a time, so that the site stays usable for others."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

MAX_SLOTS = 2
# Names the locks; with the number of the turn it is one of PostgreSQL's advisory locks.
LOCK_ID = 20270927


class NoFreeSlot(Exception):
    """So many exports are being written already that this one has to wait."""


@contextmanager
def export_slot() -> Iterator[None]:
    """Holds one of AT_A_TIME turns, over all processes of the site. Raises AllTaken when none is free."""
    with connection.cursor() as cursor:
        number = next((n for n in range(MAX_SLOTS) if acquire_slot(cursor, n)), None)
        if number is None:
            raise NoFreeSlot
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_ID, number])


def acquire_slot(cursor, number: int) -> bool:
    """Take this turn, if it is free; whether it is ours now."""
    cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_ID, number])
    (taken,) = cursor.fetchone()
    return taken
