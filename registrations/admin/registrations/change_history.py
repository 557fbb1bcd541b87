"""What was changed about a person, on their page."""

from typing import NamedTuple

from registrations import audit
from registrations.models import Change, Registration

# So many are shown, the newest first.
MAX_CHANGES = 300


class ChangeLine(NamedTuple):
    """A change as somebody may see it; `is_hidden` when the values are kept from them."""

    change: Change
    label: str
    is_hidden: bool


def list_changes(registration: Registration, *, hidden: set[str]) -> list[ChangeLine]:
    """What was changed, the newest first, without the values of the fields in `hidden`.

    Nor are the values of a question shown that is about needs by now. Two queries.
    """
    questions = {question.key: question for question in registration.event.questions.all()}
    of_needs = {f"{audit.ANSWERS}.{key}" for key, question in questions.items() if question.is_about_needs}
    return [
        ChangeLine(change, audit.get_field_label(change.field, questions), change.field in hidden | of_needs)
        for change in registration.changes.select_related("changed_by")[:MAX_CHANGES]
    ]
