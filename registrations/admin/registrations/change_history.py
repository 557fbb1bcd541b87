"""The changes of a registration, on its page."""

from typing import NamedTuple

from registrations import audit
from registrations.models import Change, Registration

MAX_CHANGES = 300


class ChangeLine(NamedTuple):
    """A change as a user may see it; `is_hidden` if its values are kept from them."""

    change: Change
    label: str
    is_hidden: bool


def list_changes(registration: Registration, *, hidden: set[str]) -> list[ChangeLine]:
    """Return the latest changes, newest first, with the values of the fields in `hidden` kept back.

    So are answers to questions that are about needs now. Two queries.
    """
    questions = {question.key: question for question in registration.event.questions.all()}
    of_needs = {f"{audit.ANSWERS}.{key}" for key, question in questions.items() if question.is_about_needs}
    return [
        ChangeLine(change, audit.get_field_label(change.field, questions), change.field in hidden | of_needs)
        for change in registration.changes.select_related("changed_by")[:MAX_CHANGES]
    ]
