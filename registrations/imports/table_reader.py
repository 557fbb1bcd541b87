"""An uploaded file → a table of texts: tells XLSX from CSV, and finds the headers."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from registrations.imports.column_mapping import fold
from registrations.imports.csv_reader import read_csv
from registrations.imports.upload_errors import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, UnreadableFile, make_too_large_error
from registrations.imports.xlsx_reader import read_xlsx

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel until 2003, and every workbook with a password
IMAGE_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*")
# A list may have a title above its headers.
MAX_LINES_ABOVE_HEADERS = 10

# The number of a line in the file, and its cells.
Line = tuple[int, list[str]]


class Table(NamedTuple):
    """What a file holds: its headers, each once, its rows, as wide as the headers, and the line of each row."""

    headers: list[str]
    rows: list[list[str]]
    lines: list[int]


def read_table(content: bytes, known_headers: set[str] = frozenset()) -> Table:
    """The table in this file. `known_headers`, folded, tell the headers from titles above them.

    Raises UnreadableFile, whose text tells the organiser why and what to do.
    """
    if len(content) > MAX_BYTES:
        raise make_too_large_error()
    refuse_other_kinds(content)
    lines = read_xlsx(content) if content.startswith(ZIP) else read_csv(content)
    return build_table([(number, cells) for number, cells in lines if any(cells)], known_headers)


def refuse_other_kinds(content: bytes) -> None:
    start = content[:1024].lstrip()
    if not content.strip():
        raise UnreadableFile(_("The file is empty."))
    if content.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in content:
        raise UnreadableFile(_("The file is locked with a password. Save it without one and upload it again."))
    if content.startswith(OLE):
        raise UnreadableFile(_("This is an old Excel file. Save it as XLSX or CSV and upload that."))
    if content.startswith((b"%PDF", *IMAGE_STARTS)) or start[:1] == b"<":
        raise UnreadableFile(_("This is not a table. Upload an XLSX or CSV file."))


def build_table(lines: list[Line], known_headers: Iterable[str]) -> Table:
    """The table in these lines, none of which is empty. Columns without any text are left out."""
    start = find_header_line(lines, known_headers)
    if not lines[start + 1 :]:
        raise UnreadableFile(_("There are no rows under the headers."))
    if len(lines) - start - 1 > MAX_ROWS:
        raise UnreadableFile(
            _("The file has more than %(number)d rows. Split it and import the parts one by one.")
            % {"number": MAX_ROWS}
        )
    width = max(place for _number, cells in lines[start:] for place, cell in enumerate(cells, 1) if cell)
    if width > MAX_COLUMNS:
        raise UnreadableFile(_("The file has more than %(number)d columns.") % {"number": MAX_COLUMNS})
    padded = [cells[:width] + [""] * (width - len(cells)) for _number, cells in lines[start:]]
    filled = [column for column in range(width) if any(cells[column] for cells in padded)]
    headers, *rows = ([cells[column] for column in filled] for cells in padded)
    return Table(make_headers_unique(headers, filled), rows, [number for number, _cells in lines[start + 1 :]])


def find_header_line(lines: list[Line], known_headers: Iterable[str]) -> int:
    """Where the headers are: the first line with two or more headers that are known, else the first line."""
    for place, (_number, cells) in enumerate(lines[:MAX_LINES_ABOVE_HEADERS]):
        if sum(fold(cell) in known_headers for cell in cells) > 1:
            return place
    return 0


def make_headers_unique(headers: list[str], places: list[int]) -> list[str]:
    """The headers, none empty and none twice: with a number behind it, or the letter of its column."""
    found: list[str] = []
    for header, place in zip(headers, places, strict=True):
        name = numbered = " ".join(header.split())[:200] or _("column %(letter)s") % {
            "letter": get_column_letter(place + 1)
        }
        number = 1
        while numbered in found:
            number += 1
            numbered = f"{name} ({number})"
        found.append(numbered)
    return found
