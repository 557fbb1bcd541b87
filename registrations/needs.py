"""How many people need what: numbers for the caterer and for the house, never names."""

from typing import NamedTuple

from django.db.models import Count

from conference.models import Event
from registrations.models import Question
from registrations.models.answers import answered, chosen, possible_answers


class NeedCount(NamedTuple):
    """One question about needs: how many people hold a place and answered it, and how many chose which answer.

    `choices` has the labels with their numbers in the order in which they are offered, none for questions that are
    answered in one's own words.
    """

    label: str
    answered: int
    choices: list[tuple[str, int]]


def needs_counts(event: Event) -> list[NeedCount]:
    """The needs of those who hold a place at `event`, in the active language. One query for each question and two more.

    What is not asked or offered any more is counted where somebody needs it.
    """
    counted = (
        (question, needs_count(question)) for question in event.questions.about_needs().prefetch_related("choices")
    )
    return [count for question, count in counted if not question.removed_at or count.answered]


def needs_count(question: Question) -> NeedCount:
    offered = possible_answers(question)
    numbers = question.event.registrations.holding_a_place().aggregate(
        answered=Count("pk", filter=answered(question)),
        **{f"answer_{n}": Count("pk", filter=chosen(question, key)) for n, (key, _label, _gone) in enumerate(offered)},
    )
    choices = [
        (label, number)
        for n, (_key, label, is_removed) in enumerate(offered)
        if (number := numbers[f"answer_{n}"]) or not is_removed
    ]
    return NeedCount(str(question.label), numbers["answered"], choices)
