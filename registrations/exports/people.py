"""A table of people in any of the formats."""

from collections.abc import Iterable
from typing import BinaryIO

from conference.models import Event
from registrations.exports import csv_file
from registrations.exports.column import Column, Reader
from registrations.exports.columns import columns
from registrations.exports.formats import FORMATS
from registrations.exports.workbook import book
from registrations.models import RegistrationQuerySet

# So many rows are in memory at a time.
CHUNK = 2000


def events_of(registrations: RegistrationQuerySet):
    """The events that these people are registered for, the latest first."""
    keys = registrations.order_by().values("event").distinct()
    return Event.objects.without_long_texts().filter(pk__in=keys).order_by("-starts_at", "pk")


def write_people(
    registrations: RegistrationQuerySet,
    format: str,
    reader: Reader,
    *,
    names: Iterable[str] | None = None,
    title: str = "",
) -> tuple[BinaryIO, int, list[str]]:
    """`registrations` in their order as an open file at its start, how many they are, and which columns were written.

    The columns are those of `names`, in that order, that exist and that `reader` may see; all of them without
    `names`. Headers and labels are in the active language, times in each event's zone. A workbook's sheet is
    called `title`.
    """
    form = FORMATS[format]
    known = {column.name: column for column in columns(events_of(registrations), reader, for_csv=bool(form.delimiter))}
    taken = list(known.values()) if names is None else [known[name] for name in names if name in known]
    rows = rows_of(registrations, taken)
    if form.delimiter:
        headers = [column.header for column in taken]
        file, count = csv_file.write_rows(headers, rows, delimiter=form.delimiter, mark=form.mark)
    else:
        with book() as made:
            headers = [(column.header, column.kind) for column in taken]
            count = made.add_sheet(title, headers, rows.iterator(CHUNK))
        file = made.file
    return file, count, [column.name for column in taken]


def rows_of(registrations: RegistrationQuerySet, taken: list[Column]):
    """The values of these columns, a tuple for each registration."""
    aliases = [f"column_{number}" for number in range(len(taken))]
    values = dict(zip(aliases, (column.value for column in taken), strict=True))
    return registrations.select_related(None).annotate(**values).values_list(*aliases)
