"""Dietary and access needs, as an organiser corrects them."""

from collections.abc import Mapping

from registrations import audit
from registrations.models import Registration
from registrations.operations.choice_limits import update_answers
from registrations.operations.locking import lock_event
from registrations.operations.waiting_list import refresh


def change_needs(registration: Registration, answers: Mapping[str, object], *, by: audit.ChangedBy) -> bool:
    """Store these answers, by the keys of their questions, beside what else the person answered.

    None takes an answer away. False if nothing is different. The audit says that it changed, never from what to
    what. Raises ChoiceFull, and Refused if the person was erased.
    """
    with lock_event(registration.event) as event:
        refresh(registration)
        return update_answers(registration, event, answers, by=by)
