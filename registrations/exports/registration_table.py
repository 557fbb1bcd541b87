"""A table of registrations, in any of the formats."""

from conference.models import Event
from registrations.exports.access import ExportAccess
from registrations.exports.columns import get_columns
from registrations.exports.csv_writer import write_rows
from registrations.exports.file_formats import FORMATS, ExportFile
from registrations.exports.xlsx_writer import open_xlsx
from registrations.models import RegistrationQuerySet

CHUNK_ROWS = 2000  # in memory at a time


def write_registrations(
    registrations: RegistrationQuerySet, format: str, access: ExportAccess, *, names=None, title: str = ""
) -> ExportFile:
    """`registrations` in their order. A workbook's sheet is called `title`.

    The columns are those of `names`, in that order, that exist and may be seen under `access`; all of them without
    `names`. Headers and labels are in the active language, times in each event's zone.
    """
    file_format = FORMATS[format]
    is_csv = file_format.extension == "csv"
    columns = get_columns(get_events(registrations), access, for_csv=is_csv)
    if names is not None:
        by_name = {column.name: column for column in columns}
        columns = [by_name[name] for name in names if name in by_name]
    values = {f"column_{number}": column.value for number, column in enumerate(columns)}
    rows = registrations.select_related(None).annotate(**values).values_list(*values)
    if is_csv:
        written = write_rows([column.header for column in columns], rows, file_format)
    else:
        with open_xlsx() as xlsx:
            headers = [(column.header, column.type) for column in columns]
            count = xlsx.add_sheet(title, headers, rows.iterator(CHUNK_ROWS))
        written = ExportFile(xlsx.file, count)
    return written._replace(columns=[column.name for column in columns])


def get_events(registrations: RegistrationQuerySet):
    """The events that these people are registered for, the latest first."""
    keys = registrations.order_by().values("event").distinct()
    return Event.objects.defer_long_texts().filter(pk__in=keys).order_by("-starts_at", "pk")
