"""The lines of a file or sheet → a table: where its headers are, which lines are no rows, and what is too much."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registrations.exports.columns import number_equal_headers
from registrations.imports.spellings.header_words import fold, recognize

# Nobody else can register while a list is imported; bench/imports.py measures how long that takes.
MAX_ROWS = 1000
# Rows of a sheet may be far apart, and the empty rows between them cost time.
MAX_LINES = 20 * MAX_ROWS
MAX_COLUMNS = 100
# More than the longest answer, so that whatever reads a cell takes no longer than it should.
MAX_CELL_LENGTH = 10_000
LAST_LETTERED_COLUMN = 18_278  # ZZZ, as far as openpyxl counts
# A list may have a title and explanations above its headers.
MAX_LINES_ABOVE_HEADERS = 50
MAX_HEADER_LENGTH = 200

# What spreadsheets show where a formula fails.
ERROR_VALUE = re.compile(r"#(N/A|(NULL|REF|VALUE|NUM|SPILL|CALC|FIELD|BLOCKED|CONNECT|ERROR)!|DIV/0!|NAME\?)")


class UnreadableFile(Exception):
    """The file cannot be read as a list of people. The text tells the organiser why and what to do."""


class Line(NamedTuple):
    """A line of a file: its number there, its cells, and how a sheet shows it."""

    number: int
    cells: list[str]
    is_hidden: bool = False
    is_heading: bool = False  # one merged cell and nothing else


class Sheet(NamedTuple):
    """The lines of a sheet that are not empty, or why it cannot be read. A CSV file is one sheet without a name."""

    name: str
    lines: list[Line]
    is_hidden: bool = False
    hidden_columns: Collection[int] = ()
    problem: UnreadableFile | None = None


class Table(NamedTuple):
    """What a file holds: its headers, each once, its rows, as wide as the headers, and the line of each row.

    Then what it was read from, what else could be chosen, and how many lines were left out for which reason.
    """

    headers: list[str]
    rows: list[list[str]]
    lines: list[int]
    left_out: Counter[str] = Counter()
    hidden_headers: list[str] = []
    sheet: str = ""
    sheets: list[tuple[str, str]] = []  # names, and how to show them
    encoding: str = ""
    encodings: list[tuple[str, str]] = []
    addresses: list[str] | None = None  # all e-mail addresses of the file, also in what was left out; None: not known


def clean_cell(text: str) -> str:
    """The text without spaces around it; empty for an error, which is nothing."""
    text = text.replace("\0", "").replace("\r\n", "\n").strip()
    return "" if text.startswith("#") and ERROR_VALUE.fullmatch(text) else text


def build_table(sheet: Sheet, known_headers: Collection[str]) -> Table:
    """The table in this sheet, which has lines. Columns without any text are left out.

    Raises UnreadableFile.
    """
    from openpyxl.utils import get_column_letter  # few requests need it, and it is large

    refuse_long_cells(sheet.lines)
    start, header = find_headers(sheet.lines, known_headers)
    above = sum(not line.is_hidden for line in sheet.lines[: start - 1]) - (len(header) - 1)
    left_out, rows = Counter({"above": above}), []
    for line in sheet.lines[start:]:
        if reason := get_reason_to_leave_out(line, known_headers):
            left_out[reason] += 1
        else:
            rows.append(line)
    refuse_too_many(rows)
    titles = join_header_lines(header)
    filled = sorted(
        {place for cells in [titles, *(row.cells for row in rows)] for place, cell in enumerate(cells) if cell}
    )
    names = number_equal_headers(
        [
            " ".join(get_cell(titles, place).split())[:MAX_HEADER_LENGTH]
            or _("column %(letter)s") % {"letter": get_column_letter(place + 1)}
            for place in filled
        ]
    )
    hidden = [name for name, place in zip(names, filled, strict=True) if place in sheet.hidden_columns]
    cells = [[get_cell(row.cells, place) for place in filled] for row in rows]
    return Table(names, cells, [row.number for row in rows], +left_out, hidden)


def get_cell(cells: list[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def join_header_lines(lines: list[Line]) -> list[str]:
    """The lowest text of each column."""
    width = max(len(line.cells) for line in lines)
    texts = ([get_cell(line.cells, place) for line in reversed(lines)] for place in range(width))
    return [next(filter(None, column), "") for column in texts]


def count_known(cells: Iterable[str], known_headers: Collection[str]) -> int:
    """How many different headers are recognised."""
    texts = {fold(cell) for cell in cells if len(cell) <= MAX_HEADER_LENGTH}
    return sum(text in known_headers for text in texts)


def count_recognized(cells: Iterable[str], known_headers: Collection[str]) -> int:
    """How many different headers are recognised, also by their words alone."""
    texts = {fold(cell): cell for cell in cells if len(cell) <= MAX_HEADER_LENGTH}
    return sum(text in known_headers or recognize(cell) is not None for text, cell in texts.items())


def count_headers(sheet: Sheet, known_headers: Collection[str]) -> int:
    """How many headers are recognised in the sheet; -1 if there are no rows under them."""
    if not sheet.lines:
        return -1
    start, header = find_headers(sheet.lines, known_headers)
    count = count_recognized(join_header_lines(header), known_headers)
    return -1 if start == len(sheet.lines) else count if count > 1 else 0


def find_headers(lines: list[Line], known_headers: Collection[str]) -> tuple[int, list[Line]]:
    """Where the rows begin, and the line or the two lines with the headers above.

    It is where most headers are recognised, in lines that are not hidden if there are such; else the first line with
    two cells, for titles have one, else the first line.
    """
    top = lines[:MAX_LINES_ABOVE_HEADERS]
    found = [(place + 1, [line]) for place, line in enumerate(top)]
    pairs = [(place + 2, [*pair]) for place, pair in enumerate(pairwise(top))]
    for candidates in ([one for one in found + pairs if not one[1][-1].is_hidden], found):
        counts = [count_recognized(join_header_lines(header), known_headers) for _start, header in candidates]
        if max(counts, default=0) > 1:
            return candidates[counts.index(max(counts))]
    visible = [one for one in found if not one[1][0].is_hidden] or found
    return next((one for one in visible if sum(map(bool, one[1][0].cells)) > 1), visible[0])


def get_reason_to_leave_out(line: Line, known_headers: Collection[str]) -> str:
    """Why a line under the headers is no row, whatever the columns are for; empty where it may be one."""
    texts = [cell for cell in line.cells if cell]
    if line.is_hidden:
        return "hidden"
    if line.is_heading:
        return "heading"
    if len(texts) == 1 and texts[0].rstrip(".)").isdecimal():
        return "number"
    known = 0 if any("@" in text for text in texts) else count_known(texts, known_headers)
    return "headers" if known > 1 and 2 * known >= len(texts) else ""


def refuse_long_cells(lines: list[Line]) -> None:
    from openpyxl.utils import get_column_letter  # few requests need it, and it is large

    text = _("Line %(line)d has more than %(number)d characters in column %(letter)s. Please shorten them.")
    for line in lines:
        for column, cell in enumerate(line.cells, 1):
            if len(cell) > MAX_CELL_LENGTH:
                letter = get_column_letter(min(column, LAST_LETTERED_COLUMN))
                raise UnreadableFile(text % {"line": line.number, "number": MAX_CELL_LENGTH, "letter": letter})


def raise_too_wide():
    raise UnreadableFile(_("The file has more than %(number)d columns.") % {"number": MAX_COLUMNS})


def refuse_too_many(rows: list[Line]) -> None:
    if not rows:
        raise UnreadableFile(_("There are no rows under the headers."))
    if len(rows) > MAX_ROWS:
        text = _("The file has more than %(number)d rows. Split it and import the parts one by one.")
        raise UnreadableFile(text % {"number": MAX_ROWS})


def describe_left_out(left_out: Counter[str]) -> list[str]:
    """What was left out, in words for the organiser."""
    texts = {
        "above": ngettext(
            "%d line above the headers was left out.", "%d lines above the headers were left out.", left_out["above"]
        ),
        "hidden": ngettext(
            "%d row that is hidden or filtered away was left out.",
            "%d rows that are hidden or filtered away were left out.",
            left_out["hidden"],
        ),
        "heading": ngettext("%d heading was left out.", "%d headings were left out.", left_out["heading"]),
        "headers": ngettext(
            "%d line that repeats the headers was left out.",
            "%d lines that repeat the headers were left out.",
            left_out["headers"],
        ),
        "number": ngettext(
            "%d row with nothing but a number was left out.",
            "%d rows with nothing but a number were left out.",
            left_out["number"],
        ),
    }
    return [text % left_out[reason] for reason, text in texts.items() if left_out[reason]]
