"""XLSX with real numbers and dates, in which text is never taken for a formula, a link or a number."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from itertools import count
from textwrap import wrap
from typing import TYPE_CHECKING, BinaryIO

from registrations.exports.columns import ColumnType

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

# Excel's limits.
MAX_TITLE_LENGTH, MIN_YEAR, MAX_EXACT_NUMBER = 31, 1900, 10**15
# Widths are in characters, and only the first rows are measured.
MIN_WIDTH, MAX_WIDTH, MAX_MEASURED_ROWS = 8, 60, 1000
MAX_INTRO_WIDTH = 90  # of the lines above the headers
A4, MAX_PORTRAIT_COLUMNS, MAX_PAGE_COLUMNS = 9, 5, 12  # A4 is Excel's number for the paper
NUMBER_FORMATS = {ColumnType.DATE: "yyyy-mm-dd", ColumnType.MOMENT: "yyyy-mm-dd hh:mm", ColumnType.SHARE: "0 %"}
MIN_TYPE_WIDTHS = {ColumnType.DATE: 11, ColumnType.MOMENT: 17}

Header = tuple[str, ColumnType]


class XlsxWriter:
    """An XLSX file into which sheets are written one after the other; memory does not grow with their rows."""

    def __init__(self, file: BinaryIO, folder: str):
        from xlsxwriter import Workbook  # few requests need it, and it is large

        self.file = file
        self.workbook = Workbook(file, {"constant_memory": True, "tmpdir": folder})
        self.bold = self.workbook.add_format({"bold": True})
        self.heading = self.workbook.add_format({"bold": True, "bottom": 1})
        self.formats = {type: self.workbook.add_format({"num_format": code}) for type, code in NUMBER_FORMATS.items()}
        self.titles = {"history"}  # which Excel keeps for itself

    def add_sheet(
        self, title: str, headers: list[Header], rows: Iterable[Sequence[object]], *, above: Sequence[str] = ()
    ) -> int:
        """Write `rows` under `headers`, which stay in sight and have filters, and return the number of rows.

        The lines `above` the headers introduce the table. Empty values leave their cells empty; a text
        of more than Excel's 32,767 characters is cut there.
        """
        sheet = self.workbook.add_worksheet(self.make_free_title(title))
        introduction = [line for text in above for line in wrap(text, MAX_INTRO_WIDTH)]
        for number, line in enumerate(introduction):
            sheet.write_string(number, 0, line, None if number else self.bold)
        top = len(introduction) + 1 if introduction else 0
        for number, (header, _type) in enumerate(headers):
            sheet.write_string(top, number, header, self.heading)
        last = self.write_rows(sheet, top, headers, rows)
        set_up_page(sheet, top, last, len(headers))
        return last - top

    def write_rows(self, sheet: "Worksheet", top: int, headers: list[Header], rows: Iterable[Sequence[object]]) -> int:
        """Write the rows and fit the columns to their contents. Returns the number of the last row."""
        types = [type for _header, type in headers]
        # Room for the arrow of the filter beside each header.
        widths = [max(len(header) + 2, MIN_TYPE_WIDTHS.get(type, 0)) for header, type in headers]
        last = top
        for last, row in enumerate(rows, top + 1):
            for column, (value, type) in enumerate(zip(row, types, strict=True)):
                if value is None or value == "":
                    continue
                if type is not ColumnType.TEXT:
                    self.write_value(sheet, last, column, value, type)
                    continue
                sheet.write_string(last, column, value.replace("\r\n", "\n"))
                if last - top <= MAX_MEASURED_ROWS:
                    widths[column] = max([widths[column], *map(len, value.splitlines())])
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(max(width + 2, MIN_WIDTH), MAX_WIDTH))
        return last

    def write_value(self, sheet: "Worksheet", row: int, column: int, value: object, type: ColumnType) -> None:
        """A number or a date as such; as text when it is neither, or Excel cannot hold it."""
        parsed = parse_cell(value, type)
        if parsed is None:
            sheet.write_string(row, column, str(value))
        elif isinstance(parsed, date):
            sheet.write_datetime(row, column, parsed, self.formats[type])
        else:
            sheet.write_number(row, column, parsed, self.formats.get(type))

    def make_free_title(self, title: str) -> str:
        """`title` as Excel accepts it for a sheet: short, without special characters, and not used yet."""
        # Excel counts a character beyond U+FFFF twice, so there are none.
        printable = (
            char if char.isprintable() and char not in "[]:*?/\\" and char <= "\uffff" else " " for char in title
        )
        whole = " ".join("".join(printable).split()).strip("' ")
        for number in count(1):
            ending = "" if number == 1 else f" {number}"
            short = (whole[: MAX_TITLE_LENGTH - len(ending)].strip("' ") or "–") + ending
            if short.lower() not in self.titles:
                self.titles.add(short.lower())
                return short


def set_up_page(sheet: "Worksheet", top: int, last: int, columns: int) -> None:
    """Keep the headers in sight; print on A4 with them on every page, all columns on it while they can be read."""
    sheet.freeze_panes(top + 1, 0)
    if columns:
        sheet.autofilter(top, 0, max(last, top + 1), columns - 1)
    sheet.set_paper(A4)
    sheet.repeat_rows(top)
    if columns <= MAX_PAGE_COLUMNS:
        sheet.fit_to_pages(1, 0)
    if columns > MAX_PORTRAIT_COLUMNS:
        sheet.set_landscape()


def parse_cell(value: object, type: ColumnType) -> float | date | None:
    """The number or the date in `value`; None where there is none that Excel can hold."""
    try:
        if type in (ColumnType.NUMBER, ColumnType.SHARE):
            number = float(str(value))
            return number if abs(number) < MAX_EXACT_NUMBER else None  # not for “nan” either
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
        return day if day.year >= MIN_YEAR else None
    except ValueError:
        return None


@contextmanager
def open_xlsx() -> Iterator[XlsxWriter]:
    """A workbook to fill; after the block its `file` is complete, at its start, and the caller's to close."""
    with ExitStack() as on_error:
        file = on_error.enter_context(tempfile.TemporaryFile())
        with tempfile.TemporaryDirectory() as folder:
            xlsx = XlsxWriter(file, folder)
            try:
                yield xlsx
            finally:
                xlsx.workbook.close()  # also closes what it keeps in the folder
        file.seek(0)
        on_error.pop_all()
