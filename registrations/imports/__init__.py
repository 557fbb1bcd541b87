"""Importing organisers' lists of people: read a file, match its columns with fields, preview each row, commit."""

from registrations.imports.cells import find_addresses
from registrations.imports.column_mapping import guess_mapping
from registrations.imports.error_rows import build_draft_of_errors, write_error_rows
from registrations.imports.rows import RowOutcome, RowPreview, commit_import, compute_fingerprint, preview_rows
from registrations.imports.table_reader import MAX_BYTES, read_table
from registrations.imports.tables import MAX_ROWS, Table, UnreadableFile, describe_left_out
