"""The database's clock, which all machines share: the clock of one of them may be a day ahead."""

from datetime import datetime

from django.db import connection


def read_database_clock() -> datetime:
    """Return the time (UTC) when the database got this query. Inside a query, Django's `Now()` is the same clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]
