"""The caterer's counts: how many people need what. Only numbers, and small ones too, as somebody cooks for them."""

from django.db.models import Count
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.exports.columns import ColumnType
from registrations.exports.csv_writer import write_lines
from registrations.exports.file_formats import FORMATS, ExportFile
from registrations.exports.xlsx_writer import open_xlsx
from registrations.models import has_answer, has_chosen, list_possible_answers


def write_catering(event: Event, format: str) -> ExportFile:
    """How many people with a place gave which answer to the questions about needs."""
    rows = [(_("People with a place"), "", event.registrations.occupying_place().count())]
    for question, answered, choices in count_needs(event):
        rows.append((question, _("answered"), answered))
        rows += [(question, choice, number) for choice, number in choices]
    headers = [(_("Question"), ColumnType.TEXT), (_("Answer"), ColumnType.TEXT), (_("People"), ColumnType.NUMBER)]
    file_format = FORMATS[format]
    if file_format.extension == "csv":
        return write_lines([header for header, _type in headers], rows, file_format)
    with open_xlsx() as xlsx:
        xlsx.add_sheet(_("Numbers for the caterer"), headers, rows, above=[str(event.title), event.when])
    return ExportFile(xlsx.file, len(rows))


def count_needs(event: Event) -> list[tuple[str, int, list[tuple[str, int]]]]:
    """For each question about needs: its label, how many people with a place answered it, and how many chose what.

    Labels are in the active language, and the answers in the order in which they are offered; none for free text.
    Removed questions and choices are counted where somebody needs them. One query for each question and two more.
    """
    counts = []
    for question in event.questions.about_needs().prefetch_related("choices"):
        offered = list_possible_answers(question)
        chosen = {f"answer_{n}": Count("pk", filter=has_chosen(question, key)) for n, (key, *_) in enumerate(offered)}
        people = event.registrations.occupying_place()
        answered, *numbers = people.aggregate(answered=Count("pk", filter=has_answer(question)), **chosen).values()
        numbered = zip(offered, numbers, strict=True)
        choices = [(label, number) for (_key, label, is_removed), number in numbered if number or not is_removed]
        if answered or not question.removed_at:
            counts.append((str(question.label), answered, choices))
    return counts
