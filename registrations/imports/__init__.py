"""Importing organisers' lists of people: read a file, match its columns with fields, preview each row, commit."""

from registrations.imports.column_mapping import ColumnMapping, guess_mapping
from registrations.imports.commit import commit_import
from registrations.imports.row_checks import RowOutcome, RowPreview, preview_rows
from registrations.imports.table_reader import Table, read_table
from registrations.imports.upload_errors import MAX_BYTES, MAX_ROWS, UnreadableFile, make_too_large_error

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "ColumnMapping",
    "RowOutcome",
    "RowPreview",
    "Table",
    "UnreadableFile",
    "commit_import",
    "guess_mapping",
    "make_too_large_error",
    "preview_rows",
    "read_table",
]
