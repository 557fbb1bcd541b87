"""The kinds of file that an export can be."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FileFormat(NamedTuple):
    """A kind of file; for CSV also what separates the cells, and what stands before the first of them."""

    label: Promise
    extension: str
    content_type: str
    delimiter: str = ""
    byte_order_mark: bytes = b""


CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# What a table of people can be.
TABLE_FORMATS = {
    "xlsx": FileFormat(_("Excel (XLSX)"), "xlsx", XLSX),
    # What a Latvian Excel opens right by a double click.
    "csv": FileFormat(_("CSV for Excel"), "csv", CSV, ";", b"\xef\xbb\xbf"),
    "csv-comma": FileFormat(_("plain CSV"), "csv", CSV, ","),
}
FORMATS = {
    **TABLE_FORMATS,
    "txt": FileFormat(_("text"), "txt", "text/plain; charset=utf-8"),
    "pdf": FileFormat(_("PDF"), "pdf", "application/pdf"),
}
