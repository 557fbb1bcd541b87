"""How long a statement may wait for a lock and may run.

The limits travel with the first statement of each transaction and hold until its end, which takes a microsecond each.
Set for a connection they would not get through PgBouncer, or would stay there for whoever uses the connection next.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from psycopg2.extensions import TRANSACTION_STATUS_IDLE, cursor

# In milliseconds: visitors who cannot get the event's lock by then are asked to try again (Busy).
LOCK_TIMEOUT = 10_000
# jit: compiling a query just in time takes longer than any query of this site.
# random_page_cost: the data fits in memory, where an index is as fast to read as a table.
PLANNING = "SET LOCAL jit = off; SET LOCAL random_page_cost = 1.1; "
# In milliseconds; none for commands.
statement_timeout: ContextVar[int | None] = ContextVar("statement_timeout", default=None)


class LastAnswer(threading.local):
    """When the database last answered this thread, by the machine's monotonic clock."""

    at = 0.0


last_answer = LastAnswer()


@contextmanager
def limit_statements(seconds: int) -> Iterator[None]:
    """Let no statement run for longer than so many seconds, in transactions that begin within; 0 is no limit."""
    token = statement_timeout.set(seconds * 1000)
    try:
        yield
    finally:
        statement_timeout.reset(token)


class LimitedCursor(cursor):
    """Sends the limits along with what begins a transaction; a statement on its own is one."""

    def execute(self, query, vars=None):
        timeout = statement_timeout.get()
        begins = self.connection.get_transaction_status() == TRANSACTION_STATUS_IDLE
        # A command's statement on its own may be one that PostgreSQL allows only alone, such as CREATE DATABASE.
        may_have_company = not self.connection.autocommit or timeout is not None
        if begins and may_have_company and isinstance(query, str) and not self.name:
            limits = f"SET LOCAL lock_timeout = {LOCK_TIMEOUT}; {PLANNING}"
            if timeout is not None:
                limits += f"SET LOCAL statement_timeout = {timeout}; "
            query = limits + query
        super().execute(query, vars)
        last_answer.at = time.monotonic()
