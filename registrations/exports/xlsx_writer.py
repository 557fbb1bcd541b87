"""XLSX with real numbers and dates, in which text is never taken for a formula, a link or a number."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from itertools import count
from textwrap import wrap
from typing import BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from registrations.exports.column_types import ColumnType

# Excel's limits.
MAX_TITLE_LENGTH, MIN_YEAR, MAX_EXACT_NUMBER = 31, 1900, 10**15
FORBIDDEN_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
# Widths are in characters, and only the first rows are measured.
MIN_WIDTH, MAX_WIDTH, MAX_MEASURED_ROWS = 8, 60, 1000
MAX_INTRO_WIDTH = 90  # of the lines above the headers
A4, MAX_PORTRAIT_COLUMNS, MAX_PAGE_COLUMNS = 9, 5, 12  # A4 is Excel's number for the paper
NUMBER_FORMATS = {ColumnType.DATE: "yyyy-mm-dd", ColumnType.MOMENT: "yyyy-mm-dd hh:mm", ColumnType.SHARE: "0 %"}
MIN_TYPE_WIDTHS = {ColumnType.DATE: 11, ColumnType.MOMENT: 17}


class XlsxWriter:
    """An XLSX file into which sheets are written one after the other; memory does not grow with their rows."""

    def __init__(self, file: BinaryIO, folder: str):
        self.file = file
        self.workbook = Workbook(
            file,
            {
                "constant_memory": True,
                "tmpdir": folder,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.heading = self.workbook.add_format({"bold": True, "bottom": 1})
        self.bold = self.workbook.add_format({"bold": True})
        self.formats = {
            type: self.workbook.add_format({"num_format": format}) for type, format in NUMBER_FORMATS.items()
        }
        self.titles: set[str] = set()

    def add_sheet(
        self,
        title: str,
        headers: Sequence[tuple[str, ColumnType]],
        rows: Iterable[Sequence[object]],
        *,
        above: Sequence[str] = (),
    ) -> int:
        """Write `rows` under `headers`, which stay in sight and have filters, and return the number of rows.

        The lines `above` the headers introduce the table. Empty values leave their cells empty; a text
        of more than Excel's 32,767 characters is cut there.
        """
        sheet = self.workbook.add_worksheet(self.make_free_title(title))
        top = self.write_introduction(sheet, above)
        for number, (header, _type) in enumerate(headers):
            sheet.write_string(top, number, header, self.heading)
        last, widths = self.write_rows(sheet, top, headers, rows)
        sheet.freeze_panes(top + 1, 0)
        self.set_up_page(sheet, top, len(headers))
        if headers:
            sheet.autofilter(top, 0, max(last, top + 1), len(headers) - 1)
        for number, width in enumerate(widths):
            sheet.set_column(number, number, min(max(width + 2, MIN_WIDTH), MAX_WIDTH))
        return last - top

    def write_introduction(self, sheet: Worksheet, texts: Sequence[str]) -> int:
        """Returns the number of the row for the headers."""
        lines = [line for text in texts for line in wrap(text, MAX_INTRO_WIDTH)]
        for number, line in enumerate(lines):
            sheet.write_string(number, 0, line, None if number else self.bold)
        return len(lines) + 1 if lines else 0

    def set_up_page(self, sheet: Worksheet, top: int, columns: int) -> None:
        """Prints on A4 with the headers on every page, and fits all columns on it while they can be read there."""
        sheet.set_paper(A4)
        sheet.repeat_rows(top)
        if columns <= MAX_PAGE_COLUMNS:
            sheet.fit_to_pages(1, 0)
        if columns > MAX_PORTRAIT_COLUMNS:
            sheet.set_landscape()

    def write_rows(self, sheet: Worksheet, top: int, headers, rows) -> tuple[int, list[int]]:
        """Returns the last row's number, and how wide the columns' contents are."""
        types = [type for _header, type in headers]
        # Room for the arrow of the filter beside each header.
        widths = [max(len(header) + 2, MIN_TYPE_WIDTHS.get(type, 0)) for header, type in headers]
        last, is_text = top, [type is ColumnType.TEXT for type in types]
        for last, row in enumerate(rows, top + 1):
            for number, value in enumerate(row):
                if value is None or value == "":
                    continue
                if is_text[number]:
                    sheet.write_string(last, number, value.replace("\r\n", "\n"))
                else:
                    self.write_value(sheet, last, number, value, types[number])
            if last - top <= MAX_MEASURED_ROWS:
                widths = [
                    max(width, measure_longest_line(value)) if text else width
                    for width, value, text in zip(widths, row, is_text, strict=True)
                ]
        return last, widths

    def write_value(self, sheet: Worksheet, row: int, column: int, value, type: ColumnType) -> None:
        """A number or a date as such; as text when it is neither, or Excel cannot hold it."""
        parsed = parse_cell_number(value) if type in (ColumnType.NUMBER, ColumnType.SHARE) else parse_cell_date(value)
        if parsed is None:
            sheet.write_string(row, column, str(value))
        elif isinstance(parsed, date):
            sheet.write_datetime(row, column, parsed, self.formats[type])
        else:
            sheet.write_number(row, column, parsed, self.formats.get(type))

    def make_free_title(self, title: str) -> str:
        """`title` as Excel accepts it for a sheet: short, without special characters, and not used yet."""
        # Excel counts a character beyond U+FFFF twice, so there are none.
        printable = "".join(
            char if char.isprintable() and char <= "\uffff" else " " for char in title.translate(FORBIDDEN_IN_TITLES)
        )
        whole = " ".join(printable.split()).strip("' ")
        for number in count(1):
            ending = "" if number == 1 else f" {number}"
            short = (whole[: MAX_TITLE_LENGTH - len(ending)].strip("' ") or "–") + ending
            if short.lower() not in {*self.titles, "history"}:
                self.titles.add(short.lower())
                return short


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


def measure_longest_line(value: object) -> int:
    return max(map(len, str(value).splitlines()), default=0) if value is not None else 0


def parse_cell_number(value: object) -> int | float | None:
    try:
        number = value if isinstance(value, int | float) else float(str(value))
    except ValueError:
        return None
    return number if abs(number) < MAX_EXACT_NUMBER else None  # not for “nan” either


def parse_cell_date(value: object) -> date | datetime | None:
    try:
        moment = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.year >= MIN_YEAR else None
