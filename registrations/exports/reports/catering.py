"""The caterer's list: how many people with a place need what, and what they wrote. No names.

Small numbers are shown too, as somebody cooks for them.
"""

from django.db.models import Count, Q
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.exports.columns import ColumnType
from registrations.exports.csv_writer import write_lines
from registrations.exports.file_formats import FORMATS, ExportFile
from registrations.exports.xlsx_writer import open_xlsx
from registrations.models import (
    Question,
    Registration,
    RegistrationQuerySet,
    has_answer,
    has_chosen,
    list_possible_answers,
)

Row = tuple[str, str, int]


def write_catering(event: Event, format: str) -> ExportFile:
    """Which answers how many people with a place gave to the questions that the caterer needs."""
    rows = list_catering(event)
    headers = [(_("Question"), ColumnType.TEXT), (_("Answer"), ColumnType.TEXT), (_("People"), ColumnType.NUMBER)]
    file_format = FORMATS[format]
    if file_format.extension == "csv":
        return write_lines([header for header, _type in headers], rows, file_format)
    with open_xlsx() as xlsx:
        xlsx.add_sheet(_("Numbers for the caterer"), headers, rows, above=[str(event.title), event.when])
    return ExportFile(xlsx.file, len(rows))


def list_catering(event: Event) -> list[Row]:
    """Return each question's label in the active language with its answers, and how many people gave each.

    A place that is held counts as one. Who does not eat, having said no to each meal, is left out of all other
    questions, and counted apart. Removed questions and choices are counted where somebody needs them.
    """
    people = event.registrations.occupying_place()
    total, held = people.aggregate(total=Count("pk"), held=Count("pk", filter=is_held())).values()
    rows = [(_("People with a place"), "", total)]
    if held:
        rows.append((_("People with a place"), _("of these, still to be confirmed"), held))
    questions = list(event.questions.for_catering().select_related("shown_if").prefetch_related("choices"))
    meals = list(filter(is_meal, questions))
    eaters = people.exclude(says_no_to_all(meals)) if meals else people
    if meals and (others := total - eaters.count()):
        rows.append((_("People with a place"), _("of these, who said no to each meal"), others))
    for question in questions:
        rows += list_answers_to(question, people if question in meals else eaters)
    return rows


def is_meal(question: Question) -> bool:
    """Whether “no” means not to eat. To a need it means nothing of the kind, and nobody's allergy may be left out."""
    return question.kind == Question.Kind.YES_NO and not (question.is_about_needs or question.removed_at)


def is_held() -> Q:
    return Q(status=Registration.Status.PENDING)


def says_no_to_all(meals: list[Question]) -> Q:
    condition = Q()
    for meal in meals:
        condition &= has_chosen(meal, "no")
    return condition


def list_answers_to(question: Question, people: RegistrationQuerySet) -> list[Row]:
    """Return the rows of one question: one query. Whom it is not asked, since another answer changed, is left out."""
    if question.shown_if and not question.shown_if.removed_at:
        people = people.filter(has_chosen(question.shown_if, question.shown_if_answer))
    offered = list_possible_answers(question)
    if not offered:
        return list_written(question, people)
    chosen = {f"answer_{n}": Count("pk", filter=has_chosen(question, key)) for n, (key, *_) in enumerate(offered)}
    answered, *numbers = people.aggregate(answered=Count("pk", filter=has_answer(question)), **chosen).values()
    if question.removed_at and not answered:
        return []
    label, numbered = str(question.label), zip(offered, numbers, strict=True)
    choices = [(label, choice, number) for (_key, choice, is_removed), number in numbered if number or not is_removed]
    return [(label, _("answered"), answered), *choices]


def list_written(question: Question, people: RegistrationQuerySet) -> list[Row]:
    """Return what people wrote, in the order of the texts, which tells nothing of who they are."""
    answer = KeyTextTransform(question.key, "answers")
    written = people.filter(has_answer(question)).order_by().values_list(answer).annotate(number=Count("pk"))
    texts = sorted((" ".join(text.split()), number) for text, number in written)
    label, answered = str(question.label), sum(number for _text, number in texts)
    if question.removed_at and not answered:
        return []
    return [(label, _("answered"), answered), *((label, text, number) for text, number in texts)]
