"""Answers and the places of their choices: who may still choose what. Called by those who hold the event's lock."""

from collections.abc import Iterable, Mapping

from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _

from conference.models import Event
from registrations import audit
from registrations.availability import get_full_choices
from registrations.models import Choice, Registration, get_chosen_keys
from registrations.operations.locking import OperationError


class ChoiceFull(OperationError):
    """As many people have chosen `choice` of `question` as there are places."""

    def __init__(self, choice: Choice):
        super().__init__(
            _("“%(choice)s” (%(question)s) is full. Please choose again.")
            % {"choice": choice, "question": choice.question}
        )
        self.question, self.choice = choice.question, choice


def refuse_full_choices(event: Event, answers: Mapping[str, object], held: Mapping[str, object] | None = None) -> None:
    """Raises ChoiceFull when a choice in `answers` is full, unless the person chose it before, in `held`."""
    full = find_full_choices(event, list_new_choices(answers, held or {}))
    if full:
        raise ChoiceFull(full[0])


def drop_answers_to_deleted_questions(event: Event, answers: Mapping[str, object]) -> dict[str, object]:
    """`answers` without those to a question that was deleted while somebody answered it. No query without answers.

    No rule would hold for them: neither who sees them nor when they are erased. `event` is the one under the lock:
    its questions are read once for all who are signed up under it.
    """
    if not answers:
        return {}
    prefetch_related_objects([event], "questions")
    keys = {question.key for question in event.questions.all()}
    return {key: answer for key, answer in answers.items() if key in keys}


def update_answers(
    registration: Registration, event: Event, given: Mapping[str, object], *, by: audit.ChangedBy
) -> bool:
    """Put the answers `given` among those that stand now; None takes one out. False if nothing is different.

    Raises ChoiceFull for a full choice that is new; what the person chose before stays theirs.
    """
    registration.refresh_from_db(fields=["answers"])
    held = registration.answers
    # Of old, a question left empty was answered with an empty text, which is no answer.
    stand = {key: answer for key, answer in held.items() if audit.is_filled_in(answer)}
    changed = {key: answer for key, answer in given.items() if answer != stand.get(key)}
    changed = drop_answers_to_deleted_questions(event, changed)
    if not changed:
        return False
    answers = {key: answer for key, answer in (held | changed).items() if key not in changed or answer is not None}
    refuse_full_choices(event, answers, held)
    save_answers(registration, answers, was=held, by=by)
    return True


def drop_full_choices(registration: Registration, event: Event) -> list[Choice]:
    """Take from somebody who was cancelled, and comes back, the choices that have become full. Returns those."""
    registration.refresh_from_db(fields=["answers"])
    full = find_full_choices(event, list_new_choices(registration.answers, {}))
    answers = dict(registration.answers)
    for choice in full:
        key = choice.question.key
        left = [one for one in get_chosen_keys(answers.pop(key)) if one != choice.key]
        if left:
            answers[key] = left
    if full:
        save_answers(registration, answers, was=registration.answers, by=audit.SITE)
    return full


def save_answers(registration: Registration, answers: dict, *, was: Mapping[str, object], by: audit.ChangedBy) -> None:
    registration.answers = answers
    registration.save(update_fields=["answers"])
    audit.log_changes(registration, {audit.ANSWERS: (was, answers)}, by)


def list_new_choices(answers: Mapping[str, object], held: Mapping[str, object]) -> list[tuple[str, list[str]]]:
    """What was chosen in `answers` and not in `held`: a question's key with the keys of choices, for each question."""
    chosen = (
        (key, set(get_chosen_keys(answer)) - set(get_chosen_keys(held.get(key)))) for key, answer in answers.items()
    )
    return [(key, sorted(choices)) for key, choices in chosen if choices]


def find_full_choices(event: Event, chosen: Iterable[tuple[str, list[str]]]) -> list[Choice]:
    """Those of the `chosen` that are full. No query when nothing was chosen."""
    among = Q()
    for key, choices in chosen:
        among |= Q(question__key=key, key__in=choices)
    return get_full_choices(event, among) if among else []
