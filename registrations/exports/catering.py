"""The caterer's counts: how many people need what. Only numbers, and small ones too, for somebody has to cook them."""

from typing import BinaryIO

from django.utils.translation import gettext as _

from conference.models import Event
from registrations.exports import csv_file
from registrations.exports.column import Kind
from registrations.exports.formats import FORMATS
from registrations.exports.workbook import book
from registrations.needs import needs_counts


def write_catering(event: Event, format: str) -> tuple[BinaryIO, int]:
    """How many people with a place gave which answer about needs, as an open file at its start; and its rows."""
    rows = [(_("People with a place"), "", event.registrations.holding_a_place().count())]
    for question, answered, choices in needs_counts(event):
        rows.append((question, _("answered"), answered))
        rows += [(question, choice, number) for choice, number in choices]
    headers = [(_("Question"), Kind.TEXT), (_("Answer"), Kind.TEXT), (_("People"), Kind.NUMBER)]
    form = FORMATS[format]
    if form.delimiter:
        lines = [[header for header, _kind in headers], *rows]
        return csv_file.write_lines(lines, delimiter=form.delimiter, mark=form.mark), len(rows)
    with book() as made:
        made.add_sheet(_("Caterer's counts"), headers, rows, above=[str(event.title), event.when])
    return made.file, len(rows)
