"""What is asked of the database about answers: whether one was given, and which."""

from django.db.models import F, Func, JSONField, Q, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.lookups import In, IsNull


def answered(question) -> Q:
    """Holds for registrations that answered `question`; an empty answer is none."""
    given = KeyTextTransform(question.key, "answers")
    nothing = ["", "[]"] if question.has_list else [""]
    return Q(event=question.event_id) & Q(IsNull(given, False)) & ~Q(In(given, nothing))


def chosen(question, answer: str) -> Q:
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
