"""Exporting everything that is stored about a person."""

import re

from registrations.models import Change, OutgoingEmail, Registration, list_answers
from registrations.privacy.erasure import get_log_entries
from registrations.privacy.field_rules import EXPORTED_FIELDS

# The secret part of a personal link.
LINK_TOKEN = re.compile(r"(?<=/r/)[^/\s]+")


def export_personal_data(registration: Registration) -> dict:
    """Return everything that is stored about this person, ready for JSON. Times are in UTC.

    The secret part of links is left out: each was e-mailed to one address, and only its owner may have it.
    """
    event = registration.event
    emails = list(OutgoingEmail.objects.about(registration).order_by("pk").values(*EXPORTED_FIELDS[OutgoingEmail]))
    for email in emails:
        email.update((name, LINK_TOKEN.sub("…", value)) for name, value in email.items() if isinstance(value, str))
    return {
        "event": {"title": str(event.title), "starts_at": event.starts_at, "ends_at": event.ends_at},
        "contact": event.contact_email,
        "registration": Registration.objects.filter(pk=registration.pk).values(*EXPORTED_FIELDS[Registration]).get(),
        "topics": [str(topic) for topic in registration.topics.all()],
        "answers": [{"question": question, "answer": answer} for question, answer in list_answers(registration)],
        "emails": emails,
        "changes": list(registration.changes.order_by("pk").values(*EXPORTED_FIELDS[Change])),
        "changes_by_organisers": [
            {"at": entry.action_time, "what": entry.get_change_message()} for entry in get_log_entries(registration)
        ],
    }
