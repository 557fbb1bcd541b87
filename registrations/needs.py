"""How many people need what: numbers for the caterer and for the house, never names."""

from typing import NamedTuple

from django.db.models import Count
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.models import Question
from registrations.models.answers import answered, chosen


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
    offered = answers_of(question)
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


def answers_of(question: Question) -> list[tuple[str, str, bool]]:
    """What can be chosen: each answer's key, its label in the active language and whether it is offered no more."""
    if question.kind == Question.Kind.YES_NO:
        return [("yes", _("yes"), False), ("no", _("no"), False)]
    if not question.has_list:
        return []
    return [(choice.key, str(choice.label), choice.removed_at is not None) for choice in question.choices.all()]
