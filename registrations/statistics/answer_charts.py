"""Charts of the answers to the event's own questions, except those about dietary and access needs."""

import json
from collections import Counter
from collections.abc import Iterator

from django.db import connection
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.models import Question, list_possible_answers
from registrations.statistics.charts import Bar, Chart, get_counted_registrations

# Each question takes one of the arguments of GROUPING, which has up to 31.
MAX_QUESTIONS_PER_QUERY = 30


def get_answer_charts(event: Event, number: int, *, with_internal: bool) -> list[Chart]:
    """A chart for each question with choices; removed questions and choices only where somebody chose them."""
    questions = event.questions.not_about_needs().selectable().prefetch_related("choices")
    if not with_internal:
        questions = questions.filter(is_internal=False)
    charts = []
    for question, counts in count_answers(event, list(questions)):
        if question.removed_at is None or counts.total():
            title = str(question.label) if question.removed_at is None else mark_removed(question.label)
            charts.append(Chart(f"answer_{question.key}", title, number, get_answer_bars(question, counts)))
    return charts


def count_answers(event: Event, questions: list[Question]) -> Iterator[tuple[Question, Counter[str]]]:
    """How often each answer was chosen, by its key. One query for all questions, or for every thirty."""
    for start in range(0, len(questions), MAX_QUESTIONS_PER_QUERY):
        together = questions[start : start + MAX_QUESTIONS_PER_QUERY]
        names = [f"answer_{number}" for number in range(len(together))]
        given = {
            name: KeyTextTransform(question.key, "answers") for name, question in zip(names, together, strict=True)
        }
        inner, values = get_counted_registrations(event).values(**given).query.sql_with_params()
        with connection.cursor() as cursor:
            # Each row is read once. A row of the result is about the one question that is not grouped away.
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
                    for key in parse_chosen_keys(question, row[2 * position + 1]):
                        counts[key] += row[-1]
            yield question, counts


def parse_chosen_keys(question: Question, answer: str | None) -> list[str]:
    """The keys of the chosen answers, in an answer as the database returns it as text."""
    if not answer:
        return []
    if question.kind == Question.Kind.YES_NO:
        return {"true": ["yes"], "false": ["no"]}.get(answer, [])
    if question.kind == Question.Kind.SEVERAL_OF and answer.startswith("["):
        return [key for key in json.loads(answer) if isinstance(key, str)]
    return [answer]


def get_answer_bars(question: Question, counts: Counter[str]) -> list[Bar]:
    return [
        Bar(mark_removed(label) if is_removed else label, counts[key], {f"answer_{question.key}": key})
        for key, label, is_removed in list_possible_answers(question)
        if counts[key] or not is_removed
    ]


def mark_removed(label: str) -> str:
    return _("%(what)s (removed)") % {"what": label}
