"""The columns of the events' own questions."""

from collections.abc import Callable

from django.db.models import Case, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import HasKey, KeyTextTransform, KeyTransform
from django.db.models.functions import NullIf
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.exports.column_types import Column, ColumnType, ExportAccess
from registrations.exports.labels import replace_codes
from registrations.models import Question, Registration

COLUMN_TYPES = {Question.Kind.NUMBER: ColumnType.NUMBER, Question.Kind.DATE: ColumnType.DATE}


def get_answer_columns(
    events: list[Event], access: ExportAccess, *, typed: Callable[[Combinable], Combinable], shown: Callable[[str], str]
) -> list[Column]:
    """A column for each key of the events' questions that `reader` may see.

    Events that use one key share its column. `typed` is done to what people typed, `shown` to the choices' labels.
    """
    questions_by_key: dict[str, list[Question]] = {}
    for question in filter_exportable_questions(events, access):
        questions_by_key.setdefault(question.key, []).append(question)
    found = []
    for key, questions in questions_by_key.items():
        header = " / ".join(dict.fromkeys(str(question.label) for question in questions))
        # Each row by its own event, so that nothing is ever read as the answer to another event's question.
        cases = (
            When(event=question.event_id, then=build_answer_value(question, typed, shown)) for question in questions
        )
        kinds = {COLUMN_TYPES.get(question.kind, ColumnType.TEXT) for question in questions}
        kind = kinds.pop() if len(kinds) == 1 else ColumnType.TEXT
        found.append(Column(f"answers.{key}", header, Case(*cases, output_field=TextField()), kind))
    return found


def filter_exportable_questions(events: list[Event], access: ExportAccess) -> QuerySet[Question]:
    """Those of the events' questions that may be exported; removed ones as long as there are answers to them."""
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


def build_answer_value(question: Question, typed, shown) -> Combinable:
    """What each person answered to `question`, as people read it."""
    key = question.key
    given = KeyTextTransform(key, "answers")
    match question.kind:
        case Question.Kind.YES_NO:
            return replace_codes(given, {"true": _("yes"), "false": _("no")}, otherwise=typed(given))
        case Question.Kind.ONE_OF:
            choices = {choice.key: shown(str(choice.label)) for choice in question.choices.all()}
            return replace_codes(given, choices, otherwise=typed(given))
        case Question.Kind.SEVERAL_OF:
            return use_when_stored_as("array", key, join_chosen_labels(question, shown), otherwise=typed(given))
        case Question.Kind.NUMBER:
            return use_when_stored_as("number", key, given, otherwise=typed(given))
        case _other:
            return typed(given)


def join_chosen_labels(question: Question, shown) -> Combinable:
    """The labels of what each person chose, in the choices' order, with commas between."""
    given = KeyTransform(question.key, "answers")
    labels = (
        Case(When(HasKey(given, choice.key), then=Value(shown(str(choice.label)))), output_field=TextField())
        for choice in question.choices.all()
    )
    joined = Func(Value(", "), *labels, Value(None), function="concat_ws", output_field=TextField())
    return NullIf(joined, Value(""))


def use_when_stored_as(json_type: str, key: str, value: Combinable, *, otherwise: Combinable) -> Case:
    """`value` where the answer is stored as this type of JSON; else, such as for what is older, `otherwise`."""
    stored = Func(KeyTransform(key, "answers"), function="jsonb_typeof", output_field=TextField())
    return Case(When(Exact(stored, Value(json_type)), then=value), default=otherwise, output_field=TextField())
