"""The columns of the events' own questions."""

from django.db.models import Case, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import HasKey, KeyTextTransform, KeyTransform
from django.db.models.functions import NullIf
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.exports.access import ExportAccess
from registrations.exports.column_types import Column, ColumnType
from registrations.exports.csv_escape import Escape
from registrations.exports.expressions import replace_codes
from registrations.models import Question, Registration

COLUMN_TYPES = {Question.Kind.NUMBER: ColumnType.NUMBER, Question.Kind.DATE: ColumnType.DATE}


def get_answer_columns(events: list[Event], access: ExportAccess, escape: Escape) -> list[Column]:
    """A column for each key of the events' questions that may be seen under `access`. Events share a key's column."""
    questions_by_key: dict[str, list[Question]] = {}
    for question in filter_exportable_questions(events, access):
        questions_by_key.setdefault(question.key, []).append(question)
    return [make_answer_column(key, questions, escape) for key, questions in questions_by_key.items()]


def make_answer_column(key: str, questions: list[Question], escape: Escape) -> Column:
    header = " / ".join(dict.fromkeys(str(question.label) for question in questions))
    # Each row by the question of its own event, so that no answer is read as one to another event's question.
    cases = (When(event=question.event_id, then=build_answer_value(question, escape)) for question in questions)
    types = {COLUMN_TYPES.get(question.kind, ColumnType.TEXT) for question in questions}
    type = types.pop() if len(types) == 1 else ColumnType.TEXT
    return Column(f"answers.{key}", header, Case(*cases, output_field=TextField()), type)


def filter_exportable_questions(events: list[Event], access: ExportAccess) -> QuerySet[Question]:
    """The events' questions that may be exported; removed questions as long as they have answers."""
    given = Func(F("answers"), OuterRef("key"), template="(%(expressions)s)", arg_joiner=" ->> ")
    answered = Registration.objects.filter(event=OuterRef("event")).alias(
        given=Func(given, function="", output_field=TextField())
    )
    questions = Question.objects.not_about_needs().filter(event__in=events)
    if not access.can_change:
        questions = questions.filter(is_internal=False)
    return questions.filter(Q(removed_at__isnull=True) | Exists(answered.filter(given__gt=""))).prefetch_related(
        "choices"
    )


def build_answer_value(question: Question, escape: Escape) -> Combinable:
    """Each person's answer to `question`, as people read it."""
    key = question.key
    given = KeyTextTransform(key, "answers")
    typed = escape.expression(given)
    match question.kind:
        case Question.Kind.YES_NO:
            return replace_codes(given, {"true": _("yes"), "false": _("no")}, otherwise=typed)
        case Question.Kind.ONE_OF:
            choices = {choice.key: escape.text(str(choice.label)) for choice in question.choices.all()}
            return replace_codes(given, choices, otherwise=typed)
        case Question.Kind.SEVERAL_OF:
            return use_when_stored_as("array", key, join_chosen_labels(question, escape), otherwise=typed)
        case Question.Kind.NUMBER:
            return use_when_stored_as("number", key, given, otherwise=typed)
        case _other:
            return typed


def join_chosen_labels(question: Question, escape: Escape) -> Combinable:
    """The labels of what each person chose, in the choices' order, with commas between."""
    given = KeyTransform(question.key, "answers")
    labels = (
        Case(When(HasKey(given, choice.key), then=Value(escape.text(str(choice.label)))), output_field=TextField())
        for choice in question.choices.all()
    )
    joined = Func(Value(", "), *labels, Value(None), function="concat_ws", output_field=TextField())
    return NullIf(joined, Value(""))


def use_when_stored_as(json_type: str, key: str, value: Combinable, *, otherwise: Combinable) -> Case:
    """`value` where the answer is stored as this type of JSON; else `otherwise`, as for older answers."""
    stored = Func(KeyTransform(key, "answers"), function="jsonb_typeof", output_field=TextField())
    return Case(When(Exact(stored, Value(json_type)), then=value), default=otherwise, output_field=TextField())
