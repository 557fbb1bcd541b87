"""CSV, written by PostgreSQL: a hundred thousand rows take about as long as a bare COPY.

CSV cannot say that a value is text and not a formula. So a value whose first character, after any apostrophes, starts
a formula gets one more apostrophe in front. To restore what was typed, take one off every value of that shape.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack

from django.db import connection
from django.db.models import Func, QuerySet, TextField
from django.db.models.expressions import Combinable

from registrations.exports.file_formats import ExportFile, FileFormat

# A spreadsheet runs a cell that starts with one of these; the last four are the full-width forms.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MAX_BYTES_IN_MEMORY = 8 * 1024 * 1024
BUFFER_BYTES = 256 * 1024


def escape_formula(value: str | Combinable) -> str | Combinable:
    """A text, or an expression for one, with an apostrophe in front where a spreadsheet would run it."""
    if not isinstance(value, str):
        return EscapeFormula(value)
    return f"'{value}" if value.lstrip("'").startswith(FORMULA_STARTS) else value


def unescape_formula(text: str) -> str:
    """`text` without the apostrophe that `escape_formula` put in front."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS) else text


class EscapeFormula(Func):
    """`escape_formula`, computed by the database."""

    arity = 1
    output_field = TextField()

    def as_sql(self, compiler, connection, **extra):
        value, params = compiler.compile(self.source_expressions[0])
        # Most values start with a letter or are empty, and this test is much faster than the exact one.
        sql = (
            f"CASE WHEN ascii({value}) BETWEEN {ord('A')} AND {0xFF00} OR {value} = '' THEN {value} "
            f"WHEN left(ltrim({value}, ''''), 1) = ANY (%s) THEN '''' || {value} ELSE {value} END"
        )
        return sql, [*params, *params, *params, *params, list(FORMULA_STARTS), *params, *params]


def write_rows(headers: Iterable[str], rows: QuerySet, format: FileFormat) -> ExportFile:
    """The `rows` of a values_list under `headers`. The caller escapes the rows.

    Beyond MAX_BYTES_IN_MEMORY the file is on disk, so memory does not grow with the rows.
    """
    with ExitStack() as on_error, connection.cursor() as cursor:
        file = on_error.enter_context(tempfile.SpooledTemporaryFile(max_size=MAX_BYTES_IN_MEMORY))
        file.write(format.byte_order_mark + format_line(headers, format))
        # There is a query even when the filters exclude everybody from the start.
        compiler = rows.query.get_compiler(connection=connection, elide_empty=False)
        query = cursor.mogrify(*compiler.as_sql()).decode()
        lines = io.BufferedWriter(file, BUFFER_BYTES)  # psycopg2 writes a line at a time
        cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, DELIMITER '{format.delimiter}')", lines)
        lines.flush()
        lines.detach()
        file.seek(0)
        on_error.pop_all()
        return ExportFile(file, cursor.rowcount)


def write_lines(headers: Iterable[str], rows: Sequence[Iterable[object]], format: FileFormat) -> ExportFile:
    """A few rows that are in memory already."""
    lines = (format_line(map(str, cells), format) for cells in [headers, *rows])
    return ExportFile(io.BytesIO(format.byte_order_mark + b"".join(lines)), len(rows))


def format_line(cells: Iterable[str], format: FileFormat) -> bytes:
    """One line of CSV that ends as PostgreSQL ends its lines."""
    written = io.StringIO()
    csv.writer(written, delimiter=format.delimiter).writerow(map(escape_formula, cells))
    return written.getvalue().removesuffix("\r\n").encode() + b"\n"
