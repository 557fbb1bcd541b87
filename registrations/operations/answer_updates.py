"""Changing a registration's answers."""

from collections.abc import Mapping

from conference.models import Event
from registrations import audit
from registrations.models import Registration, get_chosen_keys
from registrations.operations.choice_limits import (
    drop_answers_to_deleted_questions,
    find_new_full_choices,
    refuse_full_choices,
)
from registrations.operations.locking import lock_event
from registrations.operations.waiting_list import refresh


def change_needs(registration: Registration, answers: Mapping[str, object], *, by: audit.ChangedBy) -> bool:
    """Save an organiser's changes of the answers about dietary and access needs, by question key.

    None deletes an answer. Returns False if nothing is different. The change history says that the answers changed,
    but not what they were. Raises ChoiceFull, or OperationError if the person was erased.
    """
    with lock_event(registration.event) as event:
        refresh(registration)
        return update_answers(registration, event, answers, by=by)


def update_answers(registration: Registration, event: Event, new: Mapping[str, object], *, by: audit.ChangedBy) -> bool:
    """Merge the `new` answers into the saved ones; None deletes one. Returns False if nothing is different.

    Raises ChoiceFull for a full choice that is new; choices that the person had before stay. Requires the lock.
    """
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
    """Remove the choices that have become full while this registration was cancelled. Requires the lock.

    The person could not choose others before coming back.
    """
    registration.refresh_from_db(fields=["answers"])
    answers = dict(registration.answers)
    full = find_new_full_choices(event, answers, {})
    for choice in full:
        key = choice.question.key
        left = [one for one in get_chosen_keys(answers.pop(key)) if one != choice.key]
        if left:
            answers[key] = left
    if full:
        save_answers(registration, answers, by=audit.SITE)


def save_answers(registration: Registration, answers: dict, *, by: audit.ChangedBy) -> None:
    old, registration.answers = registration.answers, answers
    registration.save(update_fields=["answers"])
    audit.log_changes(registration, {audit.ANSWERS: (old, answers)}, by)
