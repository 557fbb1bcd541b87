"""The rows with errors that an import leaves out: as a file for whoever corrects them, and as a list to import."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from registrations.exports.columns import number_equal_headers
from registrations.exports.csv_writer import write_lines
from registrations.exports.file_formats import TABLE_FORMATS, ExportFile
from registrations.imports.cells import find_addresses
from registrations.imports.rows import RowOutcome, RowPreview
from registrations.imports.tables import Table
from registrations.models import ImportDraft


def write_error_rows(table: Table, rows: Iterable[RowPreview]) -> ExportFile:
    """The rows with errors as CSV, as they are in the file, with the reason in the last column."""
    invalid = [row for row in rows if row.outcome == RowOutcome.INVALID]
    reason = _("Reason")
    kept = [place for place, header in enumerate(table.headers) if header != reason]  # they were left out before
    headers = [*(table.headers[place] for place in kept), reason]
    lines = [[*(row.texts[place] for place in kept), describe_reasons(row)] for row in invalid]
    return write_lines(number_equal_headers(headers), lines, TABLE_FORMATS["csv"])._replace(columns=headers)


def describe_reasons(row: RowPreview) -> str:
    return " ".join(f"{label}: {text}" if label else text for label, text in row.reasons)


def build_draft_of_errors(draft: ImportDraft, table: Table, rows: Iterable[RowPreview]) -> ImportDraft | None:
    """An unsaved list of the rows with errors in the list `draft`, with its columns; None if no row has any."""
    written = write_error_rows(table, rows)
    if not written.count:
        return None
    columns = {header: field for header, field in draft.columns.items() if header in written.columns}
    addresses = find_addresses([table.headers, *(row.texts for row in rows if row.outcome == RowOutcome.INVALID)])
    return ImportDraft(
        pk=draft.pk,  # it takes its place
        event=draft.event,
        created_by=draft.created_by,
        file_name=draft.file_name,
        content=written.file.read(),
        columns=columns,
        addresses=addresses,
    )
