"""CSV, written by PostgreSQL itself, so that a hundred thousand rows cost about what COPY costs."""

import contextlib
import csv
import io
import tempfile
from collections.abc import Iterable
from typing import BinaryIO

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from registrations.exports.csv_escape import escape_formula

MAX_BYTES_IN_MEMORY = 8 * 1024 * 1024
BUFFER_BYTES = 256 * 1024


def write_rows(
    headers: Iterable[str], rows: QuerySet, *, delimiter: str, byte_order_mark: bytes
) -> tuple[BinaryIO, int]:
    """The `rows` of a values_list under `headers`, as an open file at its start, and how many rows there are.

    Past SPOOL_BYTES the file is on disk, so memory does not grow with the rows. The caller defuses the rows.
    """
    with contextlib.ExitStack() as on_error, connection.cursor() as cursor:
        file = on_error.enter_context(tempfile.SpooledTemporaryFile(max_size=MAX_BYTES_IN_MEMORY))
        file.write(byte_order_mark + format_line(headers, delimiter))
        count = 0
        with contextlib.suppress(EmptyResultSet):  # when the filters exclude everybody from the start
            query = cursor.mogrify(*rows.query.sql_with_params()).decode()
            lines = io.BufferedWriter(file, BUFFER_BYTES)  # psycopg2 writes a line at a time
            cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, DELIMITER '{delimiter}')", lines)
            lines.flush()
            lines.detach()
            count = cursor.rowcount
        file.seek(0)
        on_error.pop_all()
        return file, count


def write_lines(lines: Iterable[Iterable[object]], *, delimiter: str, byte_order_mark: bytes) -> BinaryIO:
    """A few lines of our own making, as an open file at its start."""
    return io.BytesIO(byte_order_mark + b"".join(format_line(map(str, cells), delimiter) for cells in lines))


def format_line(cells: Iterable[str], delimiter: str) -> bytes:
    """One line of CSV that ends as PostgreSQL ends its lines."""
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerow(escape_formula(cell) for cell in cells)
    return written.getvalue().removesuffix("\r\n").encode() + b"\n"
