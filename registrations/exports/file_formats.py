"""The kinds of file that an export can be."""

from collections.abc import Sequence
from typing import BinaryIO, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FileFormat(NamedTuple):
    """A kind of file; for CSV also what separates the cells, and what stands before the first of them."""

    label: Promise
    extension: str
    content_type: str
    delimiter: str = ""
    byte_order_mark: bytes = b""


class ExportFile(NamedTuple):
    """A written file, open at its start and the caller's to close; its number of rows, and the names of its columns."""

    file: BinaryIO
    count: int
    columns: Sequence[str] = ()


CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# What a table of people can be.
TABLE_FORMATS = {
    "xlsx": FileFormat(_("Excel (XLSX)"), "xlsx", XLSX),
    # Excel in Latvia opens this one correctly by a double click.
    "csv": FileFormat(_("CSV for Excel"), "csv", CSV, ";", b"\xef\xbb\xbf"),
    "csv-comma": FileFormat(_("plain CSV"), "csv", CSV, ","),
}
FORMATS = {
    **TABLE_FORMATS,
    "txt": FileFormat(_("text"), "txt", "text/plain; charset=utf-8"),
    "pdf": FileFormat(_("PDF"), "pdf", "application/pdf"),
}
