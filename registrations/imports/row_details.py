"""What importing a row would store, as people read it."""

from collections.abc import Iterable

from conference.models import Topic
from registrations.audit import format_value
from registrations.exports.columns import TEXT_HEADERS
from registrations.models import Question, Registration
from registrations.models.registration_summary import list_answers

# The preview shows the name and the address of a row in columns of their own.
IDENTITY = ("first_name", "last_name", "email")
BEFORE_ANSWERS, AFTER_ANSWERS = (
    ("organisation", "job_title", "country", "sector"),
    ("tags", "internal_note", "language"),
)

Details = list[tuple[str, str]]


def describe_registration(
    registration: Registration, topics: Iterable[Topic], questions: Iterable[Question]
) -> Details:
    """Labels and texts of all that is stored beside the name and the address, in the active language."""

    def describe(names: Iterable[str]) -> Details:
        return [
            (str(TEXT_HEADERS[name]), format_value(registration, name, getattr(registration, name))) for name in names
        ]

    details = [
        *describe(BEFORE_ANSWERS),
        (str(TEXT_HEADERS["topics"]), ", ".join(str(topic.title) for topic in topics)),
        *list_answers(registration, questions),
        *describe(AFTER_ANSWERS),
    ]
    return [(label, text) for label, text in details if text]
