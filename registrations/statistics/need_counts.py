"""How many people need what: numbers for the caterer and for the house, never names."""

from typing import NamedTuple

from django.db.models import Count

from conference.models import Event
from registrations.models import Question
from registrations.models.answer_queries import has_answer, has_chosen, list_possible_answers


class NeedCount(NamedTuple):
    """One question about needs: how many people hold a place and answered it, and how many chose which answer.

    `choices` has the labels with their numbers in the order in which they are offered, none for questions that are
    answered in one's own words.
    """

    label: str
    answered: int
    choices: list[tuple[str, int]]


def count_needs(event: Event) -> list[NeedCount]:
    """The needs of those who hold a place at `event`, in the active language. One query for each question and two more.

    What is not asked or offered any more is counted where somebody needs it.
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
