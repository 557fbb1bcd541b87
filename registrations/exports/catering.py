"""The caterer's counts: how many people need what. Only numbers, and small ones too, for somebody has to cook them."""

from typing import BinaryIO

from django.utils.translation import gettext as _

from conference.models import Event
from registrations.exports import csv_writer
from registrations.exports.column_types import ColumnType
from registrations.exports.file_formats import FORMATS
from registrations.exports.xlsx_writer import open_xlsx
from registrations.statistics.need_counts import count_needs


def write_catering(event: Event, format: str) -> tuple[BinaryIO, int]:
    """How many people with a place gave which answer about needs, as an open file at its start; and its rows."""
    rows = [(_("People with a place"), "", event.registrations.occupying_place().count())]
    for question, answered, choices in count_needs(event):
        rows.append((question, _("answered"), answered))
        rows += [(question, choice, number) for choice, number in choices]
    headers = [(_("Question"), ColumnType.TEXT), (_("Answer"), ColumnType.TEXT), (_("People"), ColumnType.NUMBER)]
    file_format = FORMATS[format]
    if file_format.delimiter:
        lines = [[header for header, _kind in headers], *rows]
        return csv_writer.write_lines(
            lines, delimiter=file_format.delimiter, byte_order_mark=file_format.byte_order_mark
        ), len(rows)
    with open_xlsx() as xlsx:
        xlsx.add_sheet(_("Caterer's counts"), headers, rows, above=[str(event.title), event.when])
    return xlsx.file, len(rows)
