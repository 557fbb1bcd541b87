"""The XML of a sheet → its lines: which cells have which texts, which are merged, and what is hidden."""

import datetime
import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from django.utils.translation import gettext as _
from openpyxl.utils.datetime import from_ISO8601

from registrations.imports.number_formats import format_moment, format_number, format_text
from registrations.imports.tables import (
    MAX_COLUMNS,
    MAX_LINES,
    Line,
    UnreadableFile,
    clean_cell,
    get_cell,
    raise_too_wide,
)
from registrations.imports.workbook_parts import PartHandler, raise_too_large, unescape

CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
NUMBER = re.compile(r"\s*[-+]?(\d+(\.\d*)?|\.\d+)(E[-+]?\d+)?\s*", re.IGNORECASE)
TRUE = ("1", "true", "on")


class MergedCells(NamedTuple):
    """The place of merged cells. Rows are counted from 1, columns from 0."""

    top: int
    left: int
    bottom: int
    right: int


def read_column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def read_merged_cells(reference: str) -> MergedCells:
    corners = [CELL.fullmatch(corner) for corner in reference.upper().split(":")]
    rows, columns = [int(corner[2]) for corner in corners], [read_column(corner[1]) for corner in corners]
    return MergedCells(min(rows), min(columns), max(rows), min(max(columns), MAX_COLUMNS - 1))


class CellTexts(NamedTuple):
    """What the texts of cells depend on: the workbook's strings, the formats of its styles, and where dates begin."""

    strings: list[str]
    formats: list[str]
    epoch: datetime.datetime

    def read(self, kind: str, value: str, style: int) -> str:
        """Nearly the text that a spreadsheet shows for a cell; for a formula, the value last calculated."""
        code = self.formats[style] if style < len(self.formats) else "General"
        match kind:
            case "e":
                return ""
            case "b":
                return _("yes") if value in TRUE else _("no")
            case "s":
                return format_text(self.strings[int(value)], code)
            case "str" | "inlineStr":
                return format_text(unescape(value), code)
            case "d":
                return format_moment(from_ISO8601(value), code)
            case _ if NUMBER.fullmatch(value):
                return format_number(float(value), code, self.epoch)
            case _:  # some programs take everything for a number
                return value


class SheetHandler(PartHandler):
    """Collects the lines that hold something, by their numbers."""

    def __init__(self, cell_texts: CellTexts):
        super().__init__()
        self.cell_texts = cell_texts
        self.lines: dict[int, Line] = {}
        self.numbers: list[int] = []
        self.hidden_columns: set[int] = set()
        self.has_rows = self.row_is_hidden = self.is_reading = False
        self.row, self.cells = 0, {}
        self.column, self.kind, self.style, self.value = -1, "", 0, ""
        self.merged = self.covered = 0

    def start(self, name, attrs):
        if self.has_rows:
            self.start_in_row(name, attrs)
        elif name == "sheetData":
            self.has_rows = True
        elif name == "col" and attrs.get("hidden") in TRUE:
            self.hidden_columns.update(range(int(attrs["min"]) - 1, min(int(attrs["max"]), MAX_COLUMNS)))
        elif name == "mergeCell":
            self.fill_merged(read_merged_cells(attrs["ref"]))

    def start_in_row(self, name, attrs):
        if name == "c":
            reference = attrs.get("r")
            self.column = read_column(CELL.fullmatch(reference.upper())[1]) if reference else self.column + 1
            self.kind, self.style, self.value = attrs.get("t", "n"), int(attrs.get("s", 0)), ""
        elif name in ("v", "t") and not self.is_reading:
            self.texts = []
        elif name == "row":
            self.row = int(float(attrs["r"])) if "r" in attrs else self.row + 1
            self.row_is_hidden = attrs.get("hidden") in TRUE or attrs.get("ht") == "0"
            self.column, self.cells = -1, {}
        elif name == "rPh":  # how Japanese text is read aloud
            self.is_reading = True

    def end(self, name):
        if name in ("v", "t") and self.texts is not None:
            self.value += self.take_text()
        elif name == "c" and self.value:
            if text := clean_cell(self.cell_texts.read(self.kind, self.value, self.style)):
                if self.column >= MAX_COLUMNS:
                    raise_too_wide()
                self.cells[self.column] = text
        elif name == "row" and self.cells and self.has_rows:
            self.add_line()
        elif name == "rPh":
            self.is_reading = False
        elif name == "sheetData":
            self.has_rows, self.numbers = False, sorted(self.lines)

    def add_line(self):
        if self.row > MAX_LINES:
            message = _("The sheet has more than %(number)d rows. Delete the empty rows in it.")
            raise UnreadableFile(message % {"number": MAX_LINES})
        cells = [self.cells.get(place, "") for place in range(max(self.cells) + 1)]
        self.lines[self.row] = Line(self.row, cells, self.row_is_hidden)

    def list_lines(self) -> list[Line]:
        return [self.lines[number] for number in self.numbers]

    def fill_merged(self, merged: MergedCells):
        """Give the value of merged cells to each of them, in the lines that hold something."""
        self.merged += 1
        if self.merged > MAX_LINES:
            raise_too_large()
        value = get_cell(self.lines[merged.top].cells, merged.left) if merged.top in self.lines else ""
        if not value:
            return
        rows = self.numbers[bisect_left(self.numbers, merged.top) : bisect_right(self.numbers, merged.bottom)]
        self.covered += len(rows) * (merged.right - merged.left + 1)
        if self.covered > len(self.numbers) * MAX_COLUMNS:
            raise ValueError("Merged cells overlap.")
        for number in rows:
            self.lines[number] = fill_line(self.lines[number], merged, value)


def fill_line(line: Line, merged: MergedCells, value: str) -> Line:
    """The line with the value in its merged cells. If it has nothing else but a number, the value is a heading."""
    others = [cell for place, cell in enumerate(line.cells) if not merged.left <= place <= merged.right]
    if merged.right > merged.left and not any(cell and not cell.isdecimal() for cell in others):
        return line._replace(is_heading=True)
    cells = line.cells + [""] * (merged.right + 1 - len(line.cells))
    for place in range(merged.left, merged.right + 1):
        cells[place] = cells[place] or value
    return line._replace(cells=cells)
