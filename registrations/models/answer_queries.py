"""Answers: which can be given, and what is asked of the database about those that were."""

from django.db.models import F, Func, JSONField, Q, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.lookups import In, IsNull
from django.utils.translation import gettext as _


def has_answer(question) -> Q:
    """Holds for registrations that answered `question`; an empty answer is none."""
    given = KeyTextTransform(question.key, "answers")
    nothing = ["", "[]"] if question.has_choices else [""]
    return Q(event=question.event_id) & Q(IsNull(given, False)) & ~Q(In(given, nothing))


def has_chosen(question, answer: str) -> Q:
    """Holds for registrations that chose `answer`, a choice's key or “yes” or “no”, to a question with choices."""
    value = {
        question.Kind.YES_NO: answer == "yes",
        question.Kind.SEVERAL_OF: [answer],
    }.get(question.kind, answer)
    return Q(event=question.event_id, answers__contains={question.key: value})


def without_answer(question) -> Func:
    """The answers of a registration without the one to `question`."""
    key = Cast(Value(question.key), TextField())
    return Func(F("answers"), key, template="(%(expressions)s)", arg_joiner=" - ", output_field=JSONField())


def list_possible_answers(question) -> list[tuple[str, str, bool]]:
    """What can be chosen: each answer's key, its label in the active language and whether it is offered no more."""
    if question.kind == question.Kind.YES_NO:
        return [("yes", _("yes"), False), ("no", _("no"), False)]
    if not question.has_choices:
        return []
    return [(choice.key, str(choice.label), choice.removed_at is not None) for choice in question.choices.all()]
