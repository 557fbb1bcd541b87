"""Counts of dietary and access needs, for the caterer and the venue. They never include names."""

from typing import NamedTuple

from django.db.models import Count

from conference.models import Event
from registrations.models import Question
from registrations.models.answer_queries import has_answer, has_chosen, list_possible_answers


class NeedCount(NamedTuple):
    """How many people with a place answered a question about needs, and how many chose each answer.

    `choices` has labels and numbers in the order of the choices. It is empty for questions with typed answers.
    """

    label: str
    answered: int
    choices: list[tuple[str, int]]


def count_needs(event: Event) -> list[NeedCount]:
    """Return the needs of people with a place, in the active language. One query for each question and two more.

    Removed questions and choices are included if somebody has answered or chosen them.
    """
    counted = (
        (question, count_need(question)) for question in event.questions.about_needs().prefetch_related("choices")
    )
    return [count for question, count in counted if not question.removed_at or count.answered]


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
