"""A table of people in any of the formats."""

from collections.abc import Iterable
from typing import BinaryIO

from conference.models import Event
from registrations.exports import csv_writer
from registrations.exports.column_types import Column, ExportAccess
from registrations.exports.columns import get_columns
from registrations.exports.file_formats import FORMATS
from registrations.exports.xlsx_writer import open_xlsx
from registrations.models import RegistrationQuerySet

# So many rows are in memory at a time.
CHUNK_ROWS = 2000


def get_events(registrations: RegistrationQuerySet):
    """The events that these people are registered for, the latest first."""
    keys = registrations.order_by().values("event").distinct()
    return Event.objects.defer_long_texts().filter(pk__in=keys).order_by("-starts_at", "pk")


def write_registrations(
    registrations: RegistrationQuerySet,
    format: str,
    access: ExportAccess,
    *,
    names: Iterable[str] | None = None,
    title: str = "",
) -> tuple[BinaryIO, int, list[str]]:
    """`registrations` in their order as an open file at its start, how many they are, and which columns were written.

    The columns are those of `names`, in that order, that exist and that `reader` may see; all of them without
    `names`. Headers and labels are in the active language, times in each event's zone. A workbook's sheet is
    called `title`.
    """
    file_format = FORMATS[format]
    known = {
        column.name: column
        for column in get_columns(get_events(registrations), access, for_csv=bool(file_format.delimiter))
    }
    chosen = list(known.values()) if names is None else [known[name] for name in names if name in known]
    rows = get_rows(registrations, chosen)
    if file_format.delimiter:
        headers = [column.header for column in chosen]
        file, count = csv_writer.write_rows(
            headers, rows, delimiter=file_format.delimiter, byte_order_mark=file_format.byte_order_mark
        )
    else:
        with open_xlsx() as xlsx:
            headers = [(column.header, column.kind) for column in chosen]
            count = xlsx.add_sheet(title, headers, rows.iterator(CHUNK_ROWS))
        file = xlsx.file
    return file, count, [column.name for column in chosen]


def get_rows(registrations: RegistrationQuerySet, chosen: list[Column]):
    """The values of these columns, a tuple for each registration."""
    aliases = [f"column_{number}" for number in range(len(chosen))]
    values = dict(zip(aliases, (column.value for column in chosen), strict=True))
    return registrations.select_related(None).annotate(**values).values_list(*aliases)
