"""Limits of choices: which can still be chosen. All functions require the event's lock."""

from collections.abc import Mapping

from django.db.models import Q, prefetch_related_objects

from conference.models import Event
from registrations.availability import get_full_choices
from registrations.models import Choice, get_chosen_keys
from registrations.operations.exceptions import ChoiceFull

Answers = Mapping[str, object]


def refuse_full_choices(event: Event, answers: Answers, old: Answers | None = None) -> None:
    """Raise ChoiceFull if a choice in `answers` is full, unless the person has chosen it before, in `old`."""
    if full := find_new_full_choices(event, answers, old or {}):
        raise ChoiceFull(full[0])


def find_new_full_choices(event: Event, answers: Answers, old: Answers) -> list[Choice]:
    """Return the choices in `answers`, and not in `old`, that are full. No query if there is no such choice."""
    among = Q()
    for key, answer in answers.items():
        if new := set(get_chosen_keys(answer)) - set(get_chosen_keys(old.get(key))):
            among |= Q(question__key=key, key__in=sorted(new))
    return get_full_choices(event, among) if among else []


def drop_answers_to_deleted_questions(event: Event, answers: Answers) -> dict[str, object]:
    """Return `answers` without those to questions that were deleted while the person answered them.

    No rule would say who sees such answers or when they are erased. No query without answers, and only one for
    all who are registered under the same lock: `event` is the one that `lock_event` returned.
    """
    if not answers:
        return {}
    prefetch_related_objects([event], "questions")
    keys = {question.key for question in event.questions.all()}
    return {key: answer for key, answer in answers.items() if key in keys}
