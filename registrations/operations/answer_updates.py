"""Changing a registration's answers, and which choices are full. All functions require the event's lock."""

from collections.abc import Mapping

from django.db.models import Q, prefetch_related_objects

from conference.models import Event
from registrations import audit
from registrations.availability import get_full_choices
from registrations.models import Choice, Registration, get_chosen_keys
from registrations.operations.exceptions import ChoiceFull


def update_answers(registration: Registration, event: Event, new: Mapping, *, by: audit.ChangedBy) -> bool:
    """Merge `new` answers into the saved ones; None deletes one. False if nothing is different. Raises ChoiceFull."""
    registration.refresh_from_db(fields=["answers"])
    old = registration.answers
    # Old registrations have an empty text for a question that was left empty, which is no answer.
    filled_in = {key: answer for key, answer in old.items() if audit.is_filled_in(answer)}
    changed = {key: answer for key, answer in new.items() if answer != filled_in.get(key)}
    changed = drop_answers_to_deleted_questions(event, changed)
    if not changed:
        return False
    answers = {key: answer for key, answer in (old | changed).items() if key not in changed or answer is not None}
    refuse_full_choices(event, answers, old)
    save_answers(registration, answers, by=by)
    return True


def drop_full_choices(registration: Registration, event: Event) -> None:
    """Remove the choices that became full while this registration was cancelled and could not choose others."""
    registration.refresh_from_db(fields=["answers"])
    answers = dict(registration.answers)
    full = find_new_full_choices(event, answers, {})
    for choice in full:
        left = [key for key in get_chosen_keys(answers.pop(choice.question.key)) if key != choice.key]
        if left:
            answers[choice.question.key] = left
    if full:
        save_answers(registration, answers, by=audit.SITE)


def save_answers(registration: Registration, answers: dict, *, by: audit.ChangedBy) -> None:
    old, registration.answers = registration.answers, answers
    registration.save(update_fields=["answers"])
    audit.log_changes(registration, {audit.ANSWERS: (old, answers)}, by)


def refuse_full_choices(event: Event, answers: Mapping, old: Mapping) -> None:
    """Raise ChoiceFull if a choice in `answers` is full, unless the person has chosen it before, in `old`."""
    if full := find_new_full_choices(event, answers, old):
        raise ChoiceFull(full[0])


def find_new_full_choices(event: Event, answers: Mapping, old: Mapping) -> list[Choice]:
    """Return the choices in `answers`, and not in `old`, that are full. No query if there is no such choice."""
    among = Q()
    for key, answer in answers.items():
        if new := set(get_chosen_keys(answer)) - set(get_chosen_keys(old.get(key))):
            among |= Q(question__key=key, key__in=sorted(new))
    return get_full_choices(event, among) if among else []


def drop_answers_to_deleted_questions(event: Event, answers: Mapping) -> dict[str, object]:
    """Leave out answers to questions deleted meanwhile: no rule says who sees these or when they are erased."""
    if not answers:
        return {}
    prefetch_related_objects([event], "questions")  # one query for all who are registered under the same lock
    keys = {question.key for question in event.questions.all()}
    return {key: answer for key, answer in answers.items() if key in keys}
