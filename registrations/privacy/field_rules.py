"""What happens to each field that holds personal data. A test finds fields without a rule.

After GDPR articles 15 and 20 (access, portability) and 17 (erasure).
"""

from registrations.models import Change, OutgoingEmail, Registration

# Exported to the person.
EXPORTED_FIELDS = {
    Registration: [
        "reference",
        "first_name",
        "last_name",
        "email",
        "new_email",
        "organisation",
        "job_title",
        "country",
        "sector",
        "language",
        "status",
        "answers",
        "internal_note",
        "tags",
        "source",
        "consented_at",
        "created_at",
        "confirmed_at",
        "email_confirmed_at",
        "hold_until",
        "waiting_since",
        "cancelled_at",
        "checked_in_at",
    ],
    OutgoingEmail: [
        "kind",
        "language",
        "to",
        "subject",
        "text",
        "created_at",
        "sent_at",
        "attempts",
        "last_error",
    ],
    Change: ["changed_at", "actor", "field", "old", "new"],
}
# Not exported, with the reason.
NOT_EXPORTED_FIELDS = {
    Registration: {
        "id": "a number of the database",
        "event": "its title is exported",
        "topics": "their titles are exported",
        "search_text": "repeats the name, address, organisation and reference",
        "sort_name": "repeats the name",
        "erased_at": "empty until there is nothing left to export",
    },
    OutgoingEmail: {
        "id": "a number of the database",
        "registration": "the exported one",
        "mailing": "its text is in the e-mail's text",
        "is_bulk": "the order of sending",
        "html": "the same as the text",
        "calendar_method": "only describes the attached calendar file",
        "due_since": "sent_at is enough",
        "next_attempt_at": "sent_at is enough",
    },
    Change: {
        "id": "a number of the database",
        "registration": "the exported one",
        "changed_by": "is about the organiser",
    },
}
# The value of a field after erasure.
ERASED_VALUES = {
    Registration: {
        "first_name": "",
        "last_name": "",
        "email": "",
        "new_email": "",
        "organisation": "",
        "job_title": "",
        "answers": {},
        "internal_note": "",
        "tags": [],
        "consented_at": None,
    },
    OutgoingEmail: {"to": "", "subject": "", "text": "", "html": "", "last_error": "", "next_attempt_at": None},
    Change: {"old": "", "new": ""},
}
# Kept in an erasure, with the reason why it identifies nobody.
KEPT_FIELDS = {
    Registration: {
        "id": "a number of the database",
        "event": "the event's counts need it",
        "reference": "replaced by a new one that nobody has seen",
        "country": "the counts need it",
        "sector": "the counts need it",
        "topics": "the counts need it",
        "language": "the counts need it",
        "status": "the counts need it",
        "source": "the counts need it",
        "created_at": "the counts need it",
        "confirmed_at": "the counts need it",
        "email_confirmed_at": "the counts need it",
        "hold_until": "the counts need it",
        "waiting_since": "the counts need it",
        "cancelled_at": "the counts need it",
        "checked_in_at": "the counts need it",
        "erased_at": "records the erasure",
        "search_text": "generated again from the empty fields and the new reference",
        "sort_name": "generated again from the empty name",
    },
    OutgoingEmail: {
        "id": "a number of the database",
        "registration": "a row without personal data",
        "mailing": "its text is the same for everybody",
        "kind": "the counts need it",
        "language": "the counts need it",
        "is_bulk": "the order of sending",
        "calendar_method": "identifies nobody",
        "created_at": "the counts need it",
        "due_since": "the counts need it",
        "attempts": "the counts need it",
        "sent_at": "the counts need it",
    },
    Change: {
        "id": "a number of the database",
        "registration": "a row without personal data",
        "changed_at": "says that something changed, not what",
        "actor": "identifies nobody",
        "changed_by": "is about the organiser",
        "field": "a field's name",
    },
}
