"""An uploaded CSV or XLSX file → a table of texts as people see them. Refuses files made to harm whoever opens them."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from registrations.imports.cells import find_addresses
from registrations.imports.csv_files import read_csv
from registrations.imports.tables import Sheet, Table, UnreadableFile, build_table, count_headers
from registrations.imports.text_encodings import decode, list_encodings

MAX_BYTES = 5 * 1024 * 1024

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel until 2003, and every workbook with a password
OTHER_KINDS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*")


def read_table(
    content: bytes, known_headers: Collection[str] = (), *, sheet: str | None = None, encoding: str | None = None
) -> Table:
    """The table in this file. `known_headers`, folded, tell the headers from titles above them.

    Without `sheet` and `encoding`, the likeliest are taken; the table names them, and which others there are.
    Raises UnreadableFile, whose text tells the organiser why and what to do.
    """
    refuse_other_kinds(content)
    if content.startswith(ZIP):
        from registrations.imports.workbooks import read_sheets  # few requests need it, and it is large

        sheets, encoding, encodings = read_sheets(content), "", []
    else:
        text, encoding = decode(content, encoding)
        sheets, encodings = [Sheet("", list(read_csv(text)))], list_encodings(content)
    chosen = choose_sheet(sheets, known_headers, sheet)
    return build_table(chosen, known_headers)._replace(
        sheet=chosen.name,
        sheets=[(one.name, describe_sheet(one)) for one in sheets if one.name and (one.lines or one.problem)],
        encoding=encoding,
        encodings=encodings,
        addresses=find_all_addresses(sheets),
    )


def refuse_other_kinds(content: bytes) -> None:
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


def choose_sheet(sheets: list[Sheet], known_headers: Collection[str], name: str | None) -> Sheet:
    """The sheet with this name; else, of those that are not hidden, the one in which most headers are recognised."""
    named = [one for one in sheets if name and one.name == name]
    visible = [one for one in sheets if not one.is_hidden and (one.lines or one.problem)]
    if not named and not visible and any(one.lines for one in sheets):
        raise UnreadableFile(_("All sheets with content are hidden. Unhide the one with the list and upload it again."))
    if not (named or visible):
        raise UnreadableFile(_("The file is empty."))
    chosen = named[0] if named else max(visible, key=lambda one: count_headers(one, known_headers))
    if chosen.problem:
        raise chosen.problem
    if not chosen.lines:
        raise UnreadableFile(_("The file is empty."))
    return chosen


def describe_sheet(sheet: Sheet) -> str:
    return _("%(sheet)s (hidden)") % {"sheet": sheet.name} if sheet.is_hidden else sheet.name


def find_all_addresses(sheets: list[Sheet]) -> list[str] | None:
    """The addresses in all of the file, also in what is not imported; None when some of it was not read."""
    if any(sheet.problem for sheet in sheets):
        return None
    return find_addresses(line.cells for sheet in sheets for line in sheet.lines)
