"""The caterer's counts: how many people need what. Only numbers, and small ones too, as somebody cooks for them."""

from django.utils.translation import gettext as _

from conference.models import Event
from registrations.exports.column_types import ColumnType
from registrations.exports.csv_writer import write_lines
from registrations.exports.file_formats import FORMATS, ExportFile
from registrations.exports.xlsx_writer import open_xlsx
from registrations.statistics.need_counts import count_needs


def write_catering(event: Event, format: str) -> ExportFile:
    """How many people with a place gave which answer to the questions about needs."""
    rows = [(_("People with a place"), "", event.registrations.occupying_place().count())]
    for question, answered, choices in count_needs(event):
        rows.append((question, _("answered"), answered))
        rows += [(question, choice, number) for choice, number in choices]
    headers = [(_("Question"), ColumnType.TEXT), (_("Answer"), ColumnType.TEXT), (_("People"), ColumnType.NUMBER)]
    file_format = FORMATS[format]
    if file_format.is_csv:
        return write_lines([header for header, _type in headers], rows, file_format)
    with open_xlsx() as xlsx:
        xlsx.add_sheet(_("Caterer's counts"), headers, rows, above=[str(event.title), event.when])
    return ExportFile(xlsx.file, len(rows))
