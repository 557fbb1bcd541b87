"""The clocks of the tests: the database's travels along with this process's, unless a test says that one is wrong."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

DATABASE_CLOCK = re.compile(r"statement_timestamp\(\)", re.IGNORECASE)

is_process_alone = False


def follow(sql):
    """The same query, in which the database's clock says what time it is where time_machine has travelled to."""
    if is_process_alone or not isinstance(sql, str) or not time_machine.escape_hatch.is_travelling():
        return sql
    return DATABASE_CLOCK.sub(f"timestamptz '{timezone.now().isoformat()}'", sql)


def patch_database_clock(patch: pytest.MonkeyPatch) -> None:
    execute, executemany = CursorWrapper.execute, CursorWrapper.executemany
    patch.setattr(CursorWrapper, "execute", lambda self, sql, params=None: execute(self, follow(sql), params))
    patch.setattr(CursorWrapper, "executemany", lambda self, sql, params: executemany(self, follow(sql), params))
    # The default of a column is then part of the query, and travels too.
    patch.setattr(type(connection.features), "supports_default_keyword_in_insert", False)


@contextmanager
def wrong_clock(error: timedelta) -> Iterator[None]:
    """Let this process's clock be wrong by so much. The database's is right."""
    global is_process_alone
    with time_machine.travel(timezone.now() + error):
        is_process_alone = True
        try:
            yield
        finally:
            is_process_alone = False
