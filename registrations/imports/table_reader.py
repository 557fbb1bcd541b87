"""An uploaded CSV or XLSX file → a table of texts as people see them. Refuses files made to harm whoever opens them."""

import codecs
import csv
import datetime
import io
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext as _

from registrations.exports.columns import number_equal_headers
from registrations.exports.csv_writer import unescape_formula
from registrations.imports.column_mapping import fold

MAX_BYTES = 5 * 1024 * 1024
# The size of an unpacked workbook. A thousand people take less than a hundredth of it.
MAX_UNPACKED_BYTES = 40 * 1024 * 1024
MAX_PARTS = 1000
# Nobody else can register while a list is imported; bench/imports.py measures how long that takes.
MAX_ROWS = 1000
# Rows of a sheet may be far apart, and the empty rows between them cost time.
MAX_LINES = 20 * MAX_ROWS
MAX_COLUMNS = 100
# More than the longest answer, so that whatever reads a cell takes no longer than it should.
MAX_CELL_LENGTH = 10_000
LAST_LETTERED_COLUMN = 18_278  # ZZZ, as far as openpyxl counts
# A list may have a title above its headers.
MAX_LINES_ABOVE_HEADERS = 10
MAX_LINES_FOR_GUESS = 20

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel until 2003, and every workbook with a password
OTHER_KINDS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*")
DELIMITERS = ";\t,"
# Excel writes this line above the table when it is told to, and hides it when it opens the file.
SEPARATOR_LINE = re.compile(r'\A"?sep=(.)"?\r?\n', re.IGNORECASE)

# The number of a line in the file, and its cells.
Line = tuple[int, list[str]]


class UnreadableFile(Exception):
    """The file cannot be read as a list of people. The text tells the organiser why and what to do."""


class Table(NamedTuple):
    """What a file holds: its headers, each once, its rows, as wide as the headers, and the line of each row."""

    headers: list[str]
    rows: list[list[str]]
    lines: list[int]


def read_table(content: bytes, known_headers: Collection[str] = ()) -> Table:
    """The table in this file. `known_headers`, folded, tell the headers from titles above them.

    Raises UnreadableFile, whose text tells the organiser why and what to do.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableFile(_("The file is larger than %(number)d MB.") % {"number": MAX_BYTES // 1024**2})
    if not content.strip():
        raise UnreadableFile(_("The file is empty."))
    if content.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in content:
        raise UnreadableFile(_("The file is locked with a password. Save it without one and upload it again."))
    if content.startswith(OLE):
        raise UnreadableFile(_("This is an old Excel file. Save it as XLSX or CSV and upload that."))
    if content.startswith(OTHER_KINDS) or content[:1024].lstrip().startswith(b"<"):
        raise UnreadableFile(_("This is not a table. Upload an XLSX or CSV file."))
    lines = read_xlsx(content) if content.startswith(ZIP) else read_csv(content)
    return build_table(list(skip_empty_lines(lines)), known_headers)


def skip_empty_lines(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines that hold something. Raises UnreadableFile for a cell that is too long."""
    for number, cells in lines:
        if not any(cells):
            continue
        if max(map(len, cells)) > MAX_CELL_LENGTH:
            raise UnreadableFile(describe_long_cell(number, cells))
        yield number, cells


def describe_long_cell(number: int, cells: list[str]) -> str:
    """Return what is wrong with the first cell that is too long in the line with this number."""
    from openpyxl.utils import get_column_letter  # few requests need it, and it is large

    column = next(place for place, cell in enumerate(cells, 1) if len(cell) > MAX_CELL_LENGTH)
    text = _("Line %(line)d has more than %(number)d characters in column %(letter)s. Please shorten them.")
    letter = get_column_letter(min(column, LAST_LETTERED_COLUMN))
    return text % {"line": number, "number": MAX_CELL_LENGTH, "letter": letter}


def build_table(lines: list[Line], known_headers: Collection[str]) -> Table:
    """The table in these lines, none of which is empty. Columns without any text are left out."""
    from openpyxl.utils import get_column_letter  # few requests need it, and it is large

    # The headers are the first line with two or more that are known, else the first line.
    above = enumerate(cells for _number, cells in lines[:MAX_LINES_ABOVE_HEADERS])
    start = next((place for place, cells in above if sum(fold(cell) in known_headers for cell in cells) > 1), 0)
    numbers = [number for number, _cells in lines[start + 1 :]]
    if not numbers:
        raise UnreadableFile(_("There are no rows under the headers."))
    if len(numbers) > MAX_ROWS:
        text = _("The file has more than %(number)d rows. Split it and import the parts one by one.")
        raise UnreadableFile(text % {"number": MAX_ROWS})
    width = max(place for _number, cells in lines[start:] for place, cell in enumerate(cells, 1) if cell)
    if width > MAX_COLUMNS:
        raise UnreadableFile(_("The file has more than %(number)d columns.") % {"number": MAX_COLUMNS})
    padded = [cells[:width] + [""] * (width - len(cells)) for _number, cells in lines[start:]]
    filled = [column for column in range(width) if any(cells[column] for cells in padded)]
    headers, *rows = ([cells[column] for column in filled] for cells in padded)
    names = [
        " ".join(header.split())[:200] or _("column %(letter)s") % {"letter": get_column_letter(column + 1)}
        for header, column in zip(headers, filled, strict=True)
    ]
    return Table(number_equal_headers(names), rows, numbers)


def read_csv(content: bytes) -> Iterator[Line]:
    """The rows of comma-, semicolon- or tab-separated text, each with the number of the line on which it begins."""
    text, above, delimiter = decode(content), 0, None
    if separator_line := SEPARATOR_LINE.match(text):
        text, above, delimiter = text[separator_line.end() :], 1, separator_line[1]
    if delimiter is None or delimiter not in DELIMITERS:
        delimiter = guess_delimiter(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins = above + 1
    try:
        for row in rows:
            yield begins, [unescape_formula(cell).strip() for cell in row]
            begins = above + rows.line_num + 1
    except csv.Error:
        message = _("The file cannot be read from line %(line)d onwards. Perhaps a quotation mark is not closed there.")
        raise UnreadableFile(message % {"line": begins}) from None


def decode(content: bytes) -> str:
    """The text of the file: UTF-8, UTF-16 where a mark says so, else Windows-1257 as Latvian Windows writes it."""
    is_marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if is_marked else ["utf-8-sig", "cp1257"]:
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if "\0" not in text:
                return text
    raise UnreadableFile(_("The file cannot be read as text. Save it as XLSX, or as “CSV UTF-8”, and upload that."))


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


def read_xlsx(content: bytes) -> list[Line]:
    """The rows of the first sheet that holds anything, each with its number."""
    from openpyxl import load_workbook  # few requests need it, and it is large

    try:
        refuse_harmful(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if lines := list(iterate_lines(sheet)):
                return lines
    except UnreadableFile:
        raise
    except Exception as error:  # zipfile and openpyxl raise all kinds of errors for a broken workbook
        message = _("The workbook is damaged. Open it in a spreadsheet program, save it again and upload that.")
        raise UnreadableFile(message) from error
    raise UnreadableFile(_("The file is empty."))


def refuse_harmful(content: bytes) -> None:
    """Raises an error for a ZIP file that is not a workbook, or would unpack to something huge.

    Entities, which can make a small file endless, are refused by defusedxml: openpyxl uses it where it is installed.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if "xl/workbook.xml" not in archive.namelist():
            raise UnreadableFile(_("This is not an XLSX workbook. Save the table as XLSX or CSV and upload that."))
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise UnreadableFile(_("The workbook is too large. Copy only the list into a new one and upload that."))


def iterate_lines(sheet) -> Iterator[Line]:
    sheet.reset_dimensions()  # the size that files state is often wrong
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), 1):
        if number > MAX_LINES:
            message = _("The sheet has more than %(number)d rows. Delete the empty rows in it.")
            raise UnreadableFile(message % {"number": MAX_LINES})
        cells = [format_cell(cell.value) for cell in row]
        if any(cells):
            yield number, cells


def format_cell(value: object) -> str:
    """Nearly the text that a spreadsheet shows for a cell; for a formula, the value last calculated."""
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case float():
            return format(value, ".15g")
        case datetime.datetime() if value.time() != datetime.time():
            return f"{value:%d.%m.%Y %H:%M}"
        case datetime.date():
            return f"{value:%d.%m.%Y}"
        case datetime.time():
            return f"{value:%H:%M}"
        case _:
            return str(value).strip()
