"""What people chose in the questions of the event's own. Nobody's dietary or access needs are counted here."""

import json
from collections import Counter
from collections.abc import Iterator

from django.db import connection
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.models import Question
from registrations.models.answers import possible_answers
from registrations.statistics.figure import Bar, Figure, people

# Each takes an argument of GROUPING, which has up to 31.
QUESTIONS_COUNTED_TOGETHER = 30


def answers(event: Event, number: int, *, with_internal: bool) -> list[Figure]:
    """By the answers to each question with choices; of what is not offered any more, only what somebody chose."""
    questions = event.questions.ordinary().with_choices().prefetch_related("choices")
    if not with_internal:
        questions = questions.filter(is_internal=False)
    figures = []
    for question, counts in counted_answers(event, list(questions)):
        if question.removed_at is None or counts.total():
            title = str(question.label) if question.removed_at is None else removed(question.label)
            figures.append(Figure(f"answer_{question.key}", title, number, answer_bars(question, counts)))
    return figures


def counted_answers(event: Event, questions: list[Question]) -> Iterator[tuple[Question, Counter[str]]]:
    """How often each answer was chosen, by its key. One query for all questions, or for every thirty."""
    for start in range(0, len(questions), QUESTIONS_COUNTED_TOGETHER):
        together = questions[start : start + QUESTIONS_COUNTED_TOGETHER]
        names = [f"answer_{number}" for number in range(len(together))]
        given = {
            name: KeyTextTransform(question.key, "answers") for name, question in zip(names, together, strict=True)
        }
        inner, values = people(event).values(**given).query.sql_with_params()
        with connection.cursor() as cursor:
            # One look at each row: what a row of the result counts is the answer that is not grouped away.
            cursor.execute(
                f"SELECT {', '.join(f'GROUPING({name}), {name}' for name in names)}, count(*) "
                f"FROM ({inner}) AS given GROUP BY GROUPING SETS ({', '.join(f'({name})' for name in names)})",
                values,
            )
            rows = cursor.fetchall()
        for position, question in enumerate(together):
            counts = Counter()
            for row in rows:
                if row[2 * position] == 0:
                    for key in chosen_in(question, row[2 * position + 1]):
                        counts[key] += row[-1]
            yield question, counts


def chosen_in(question: Question, answer: str | None) -> list[str]:
    """The keys of what was chosen, of an answer as the database gives it out as text."""
    if not answer:
        return []
    if question.kind == Question.Kind.YES_NO:
        return {"true": ["yes"], "false": ["no"]}.get(answer, [])
    if question.kind == Question.Kind.SEVERAL_OF and answer.startswith("["):
        return [key for key in json.loads(answer) if isinstance(key, str)]
    return [answer]


def answer_bars(question: Question, counts: Counter[str]) -> list[Bar]:
    return [
        Bar(removed(label) if is_removed else label, counts[key], {f"answer_{question.key}": key})
        for key, label, is_removed in possible_answers(question)
        if counts[key] or not is_removed
    ]


def removed(label: str) -> str:
    return _("%(what)s (removed)") % {"what": label}
