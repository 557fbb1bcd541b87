"""Lists of people that organisers have: read, matched with what a registration holds, judged row by row, taken in."""

from registrations.imports.columns import Columns, guess
from registrations.imports.limits import MAX_BYTES, MAX_ROWS, Unreadable, too_large
from registrations.imports.people import Judged, Outcome, judge
from registrations.imports.reading import Table, read
from registrations.imports.taking import import_draft

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "Columns",
    "Judged",
    "Outcome",
    "Table",
    "Unreadable",
    "guess",
    "import_draft",
    "judge",
    "read",
    "too_large",
]
