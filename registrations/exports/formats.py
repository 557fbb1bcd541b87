"""The kinds of file that an export can be."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Format(NamedTuple):
    """A kind of file; for CSV also what separates the cells, and what stands before the first of them."""

    label: Promise
    ending: str
    content_type: str
    delimiter: str = ""
    mark: bytes = b""


CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# What a table of people can be.
TABLES = {
    "xlsx": Format(_("Excel (XLSX)"), "xlsx", XLSX),
    # What a Latvian Excel opens right by a double click.
    "csv": Format(_("CSV for Excel"), "csv", CSV, ";", b"\xef\xbb\xbf"),
    "csv-comma": Format(_("plain CSV"), "csv", CSV, ","),
}
FORMATS = {
    **TABLES,
    "txt": Format(_("text"), "txt", "text/plain; charset=utf-8"),
    "pdf": Format(_("PDF"), "pdf", "application/pdf"),
}
