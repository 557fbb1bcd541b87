"""How many people need what: numbers for the caterer and for the house, never names."""

from collections import Counter
from typing import NamedTuple

from django.utils.translation import gettext as _

from conference.models import Event
from registrations.models import Question


class NeedCount(NamedTuple):
    """One question about needs: how many people hold a place and answered it, and how many chose which answer.

    `choices` has the labels with their numbers in the order in which they are offered, none for questions that are
    answered in one's own words.
    """

    label: str
    answered: int
    choices: list[tuple[str, int]]


def needs_counts(event: Event) -> list[NeedCount]:
    """The needs of those who hold a place at `event`, in the active language. Three queries."""
    questions = event.questions.about_needs().prefetch_related("choices")
    given = {question.key: [] for question in questions}
    for answers in event.registrations.holding_a_place().values_list("answers", flat=True).iterator():
        for key, found in given.items():
            if answers.get(key) not in (None, "", []):
                found.append(answers[key])
    return [needs_count(question, given[question.key]) for question in questions]


def needs_count(question: Question, given: list) -> NeedCount:
    counter = Counter(one for answer in given for one in (answer if isinstance(answer, list) else [answer]))
    offered = []
    if question.kind == Question.Kind.YES_NO:
        offered = [(True, _("yes")), (False, _("no"))]
    elif question.has_list:
        offered = [(choice.key, str(choice.label)) for choice in question.choices.all()]
    return NeedCount(str(question.label), len(given), [(label, counter[key]) for key, label in offered])
