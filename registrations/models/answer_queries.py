"""Query expressions for answers, and the answers that a question offers."""

from django.db.models import F, Func, JSONField, Q, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.lookups import In, IsNull
from django.utils.translation import gettext as _


def has_answer(question) -> Q:
    """Return the condition that a registration has an answer to `question`; an empty one does not count."""
    answer = KeyTextTransform(question.key, "answers")
    nothing = ["", "[]"] if question.has_choices else [""]
    return Q(event=question.event_id) & Q(IsNull(answer, False)) & ~Q(In(answer, nothing))


def has_chosen(question, answer: str) -> Q:
    """Return the condition that a registration has chosen `answer`, a choice's key or “yes” or “no”."""
    value = {
        question.Kind.YES_NO: answer == "yes",
        question.Kind.SEVERAL_OF: [answer],
    }.get(question.kind, answer)
    return Q(event=question.event_id, answers__contains={question.key: value})


def without_answer(question) -> Func:
    """Return the expression for a registration's answers without the one to `question`."""
    key = Cast(Value(question.key), TextField())
    return Func(F("answers"), key, template="(%(expressions)s)", arg_joiner=" - ", output_field=JSONField())


def list_possible_answers(question) -> list[tuple[str, str, bool]]:
    """Return the answers to choose from: key, label in the active language, and whether the choice is removed."""
    if question.kind == question.Kind.YES_NO:
        return [("yes", _("yes"), False), ("no", _("no"), False)]
    if not question.has_choices:
        return []
    return [(choice.key, str(choice.label), choice.removed_at is not None) for choice in question.choices.all()]
