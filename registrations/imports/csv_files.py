"""A CSV file → its lines."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _

from registrations.exports.csv_writer import unescape_formula
from registrations.imports.tables import MAX_COLUMNS, Line, UnreadableFile, clean_cell, raise_too_wide

DELIMITERS = ";\t,"
MAX_LINES_FOR_GUESS = 20
# Excel writes this line above the table when it is told to, and hides it when it opens the file.
SEPARATOR_LINE = re.compile(r'\A"?sep=(.)"?\r?\n', re.IGNORECASE)


def read_csv(text: str) -> Iterator[Line]:
    """The lines of comma-, semicolon- or tab-separated text that hold something, by the number of their first one."""
    above, delimiter = 0, None
    if separator_line := SEPARATOR_LINE.match(text):
        text, above, delimiter = text[separator_line.end() :], 1, separator_line[1]
    if delimiter is None or delimiter not in DELIMITERS:
        delimiter = guess_delimiter(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins = above + 1
    try:
        for row in rows:
            if any(row[MAX_COLUMNS:]):
                raise_too_wide()
            cells = [clean_cell(unescape_formula(cell)) for cell in row[:MAX_COLUMNS]]
            if any(cells):
                yield Line(begins, cells)
            begins = above + rows.line_num + 1
    except csv.Error:
        message = _("The file cannot be read from line %(line)d onwards. Perhaps a quotation mark is not closed there.")
        raise UnreadableFile(message % {"line": begins}) from None


def guess_delimiter(text: str) -> str:
    """The delimiter that splits most of the first lines into the same number of cells, more than one."""

    def agreement(delimiter: str) -> tuple[int, int]:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            widths = Counter(len(row) for row in islice(rows, MAX_LINES_FOR_GUESS))
        except csv.Error:
            return 0, 0
        return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))

    return max(DELIMITERS, key=agreement)
