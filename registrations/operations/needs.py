"""Dietary and access needs, as an organiser corrects them."""

from collections.abc import Mapping

from registrations import audit
from registrations.models import Registration
from registrations.operations.choices import take_answers
from registrations.operations.line import reread
from registrations.operations.lock import locked


def change_needs(registration: Registration, answers: Mapping[str, object], *, by: audit.By) -> bool:
    """Store these answers, by the keys of their questions, beside what else the person answered.

    None takes an answer away. False if nothing is different. The audit says that it changed, never from what to
    what. Raises ChoiceFull, and Refused if the person was erased.
    """
    with locked(registration.event) as event:
        reread(registration)
        return take_answers(registration, event, answers, by=by)
