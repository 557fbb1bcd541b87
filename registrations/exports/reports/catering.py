"""The caterer's counts: how many people need what. Only numbers, and small ones too, as somebody cooks for them."""

from typing import NamedTuple

from django.db.models import Count
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.exports.column_types import ColumnType
from registrations.exports.csv_writer import write_lines
from registrations.exports.file_formats import FORMATS, ExportFile
from registrations.exports.xlsx_writer import open_xlsx
from registrations.models import Question, has_answer, has_chosen, list_possible_answers


class NeedCount(NamedTuple):
    """A question about needs: how many people with a place answered it, and how many chose each answer.

    `choices` has the labels with their numbers, in the order in which they are offered. It is empty for questions
    that are answered in free text.
    """

    label: str
    answered: int
    choices: list[tuple[str, int]]


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
        xlsx.add_sheet(_("Numbers for the caterer"), headers, rows, above=[str(event.title), event.when])
    return ExportFile(xlsx.file, len(rows))


def count_needs(event: Event) -> list[NeedCount]:
    """The needs of those with a place at `event`, in the active language. One query for each question and two more.

    Removed questions and choices are counted where somebody needs them.
    """
    questions = event.questions.about_needs().prefetch_related("choices")
    counts = [(question, count_need(question)) for question in questions]
    return [count for question, count in counts if not question.removed_at or count.answered]


def count_need(question: Question) -> NeedCount:
    offered = list_possible_answers(question)
    numbers = question.event.registrations.occupying_place().aggregate(
        answered=Count("pk", filter=has_answer(question)),
        **{
            f"answer_{n}": Count("pk", filter=has_chosen(question, key))
            for n, (key, _label, _gone) in enumerate(offered)
        },
    )
    choices = [
        (label, number)
        for n, (_key, label, is_removed) in enumerate(offered)
        if (number := numbers[f"answer_{n}"]) or not is_removed
    ]
    return NeedCount(str(question.label), numbers["answered"], choices)
