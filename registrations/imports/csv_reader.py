"""CSV as spreadsheet programs write it → its lines: finds out the encoding and what separates the cells."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from registrations.exports.csv_writer import unescape_formula
from registrations.imports.upload_errors import UnreadableFile

DELIMITERS = ";\t,"
# Excel writes this line above the table when it is told to, and hides it when it opens the file.
SEPARATOR_LINE = re.compile(r'\A"?sep=(.)"?\r?\n', re.IGNORECASE)
MAX_LINES_FOR_GUESS = 20


def read_csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of comma-, semicolon- or tab-separated text, each with the number of the line on which it begins.

    Raises UnreadableFile.
    """
    text = decode(content)
    separator_line = SEPARATOR_LINE.match(text)
    above = 1 if separator_line else 0
    text = text[separator_line.end() :] if separator_line else text
    delimiter = separator_line[1] if separator_line and separator_line[1] in DELIMITERS else guess_delimiter(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    while True:
        try:
            row = next(rows, None)
        except csv.Error:
            message = _(
                "The file cannot be read from line %(line)d onwards. Perhaps a quotation mark is not closed there."
            )
            raise UnreadableFile(message % {"line": begins + above}) from None
        if row is None:
            return
        yield begins + above, [unescape_formula(cell).strip() for cell in row]
        begins = rows.line_num + 1


def decode(content: bytes) -> str:
    """The text of the file: UTF-8, UTF-16 where a mark says so, else Windows-1257 as Latvian Windows writes it."""
    marked = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}.get(content[:2])
    for encoding in (marked,) if marked else ("utf-8-sig", "cp1257"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFile(_("The file cannot be read as text. Save it as XLSX, or as “CSV UTF-8”, and upload that."))


def guess_delimiter(text: str) -> str:
    """The delimiter that splits most of the first lines into the same number of cells, more than one."""

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter()
        try:
            for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
                if number == MAX_LINES_FOR_GUESS:
                    break
                widths[len(row)] += bool(row)
        except csv.Error:
            return 0, 0
        return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))

    return max(DELIMITERS, key=agreement)
