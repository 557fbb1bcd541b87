"""An XLSX workbook → its lines of text, as people see them. Refuses files made to harm whoever opens them."""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from registrations.imports.upload_errors import MAX_COLUMNS, MAX_ROWS, UnreadableFile

# The size of the unpacked file. A thousand people take less than a hundredth of it.
MAX_UNPACKED_BYTES = 40 * 1024 * 1024
MAX_PARTS = 1000
# Rows may be far apart, and the empty rows between them cost time.
MAX_LINES = 20 * MAX_ROWS
XML_DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def read_xlsx(content: bytes) -> list[tuple[int, list[str]]]:
    """The rows of the first sheet that holds anything, each with its number. Raises UnreadableFile."""
    try:
        refuse_harmful(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if lines := list(iterate_lines(sheet)):
                return lines
    except UnreadableFile:
        raise
    except Exception as error:  # zipfile and openpyxl raise all kinds of errors for a broken workbook
        raise make_damaged_error() from error
    raise UnreadableFile(_("The file is empty."))


def refuse_harmful(content: bytes) -> None:
    """Raises UnreadableFile for a ZIP file that is not a workbook, or would unpack to something huge or endless."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if "xl/workbook.xml" not in archive.namelist():
            raise UnreadableFile(_("This is not an XLSX workbook. Save the table as XLSX or CSV and upload that."))
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise UnreadableFile(_("The workbook is too large. Copy only the list into a new one and upload that."))
        # No spreadsheet program writes these; they can make a small file endless.
        if any(
            XML_DECLARATION.search(archive.read(part)) for part in parts if part.filename.endswith((".xml", ".rels"))
        ):
            raise make_damaged_error()


def make_damaged_error() -> UnreadableFile:
    return UnreadableFile(
        _("The workbook is damaged. Open it in a spreadsheet program, save it again and upload that.")
    )


def iterate_lines(sheet) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # the size that files state is often wrong
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), 1):
        if number > MAX_LINES:
            raise UnreadableFile(
                _("The sheet has more than %(number)d rows. Delete the empty rows in it.") % {"number": MAX_LINES}
            )
        cells = [format_cell(cell) for cell in row]
        if any(cells):
            yield number, cells


def format_cell(cell) -> str:
    """Nearly the text that a spreadsheet shows for the cell; for a formula, the value last calculated."""
    match value := cell.value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case float():
            return format(value, ".15g")
        case datetime.datetime() if value.time() == datetime.time():
            return format_date(value)
        case datetime.datetime():
            return f"{format_date(value)} {value:%H:%M}"
        case datetime.date():
            return format_date(value)
        case datetime.time():
            return f"{value:%H:%M}"
        case _:
            return str(value).strip()


def format_date(value: datetime.date) -> str:
    return f"{value.day:02}.{value.month:02}.{value.year}"
