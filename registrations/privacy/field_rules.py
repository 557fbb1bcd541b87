"""What happens to each field that holds personal data. A test finds fields without a rule.

After GDPR articles 15 and 20 (access, portability) and 17 (erasure).
"""

from typing import NamedTuple

from registrations.models import Change, OutgoingEmail, Registration


class Rule(NamedTuple):
    """The value of a field after an erasure, or why it is kept; and why it is not exported, if so."""

    erased: object = None
    kept: str = ""
    not_exported: str = ""


COUNTS = "the counts need it"

RULES = {
    Registration: {
        "id": Rule(kept="a number of the database", not_exported="a number of the database"),
        "event": Rule(kept=COUNTS, not_exported="its title is exported"),
        "reference": Rule(kept="replaced by a new one that nobody has seen"),
        "first_name": Rule(""),
        "last_name": Rule(""),
        "email": Rule(""),
        "organisation": Rule(""),
        "job_title": Rule(""),
        "country": Rule(kept=COUNTS),
        "sector": Rule(kept=COUNTS),
        "new_email": Rule(""),
        "language": Rule(kept=COUNTS),
        "status": Rule(kept=COUNTS),
        "answers": Rule({}),
        "consented_at": Rule(None),
        "created_at": Rule(kept=COUNTS),
        "email_confirmed_at": Rule(kept=COUNTS),
        "hold_until": Rule(kept=COUNTS),
        "waiting_since": Rule(kept=COUNTS),
        "confirmed_at": Rule(kept=COUNTS),
        "cancelled_at": Rule(kept=COUNTS),
        "checked_in_at": Rule(kept=COUNTS),
        "erased_at": Rule(kept="records the erasure", not_exported="empty until there is nothing left to export"),
        "source": Rule(kept=COUNTS),
        "internal_note": Rule(""),
        "tags": Rule([]),
        "search_text": Rule(
            kept="generated again from the empty fields and the new reference",
            not_exported="repeats the name, address, organisation and reference",
        ),
        "sort_name": Rule(kept="generated again from the empty name", not_exported="repeats the name"),
        "topics": Rule(kept=COUNTS, not_exported="their titles are exported"),
    },
    OutgoingEmail: {
        "id": Rule(kept="a number of the database", not_exported="a number of the database"),
        "registration": Rule(kept="a row without personal data", not_exported="the exported one"),
        "kind": Rule(kept=COUNTS),
        "language": Rule(kept=COUNTS),
        "to": Rule(""),
        "mailing": Rule(kept="its text is the same for everybody", not_exported="its text is in the e-mail's text"),
        "is_bulk": Rule(kept="the order of sending", not_exported="the order of sending"),
        "subject": Rule(""),
        "text": Rule(""),
        "html": Rule("", not_exported="the same as the text"),
        "calendar_method": Rule(kept="identifies nobody", not_exported="only describes the attached calendar file"),
        "created_at": Rule(kept=COUNTS),
        "attempts": Rule(kept=COUNTS),
        "due_since": Rule(kept=COUNTS, not_exported="sent_at is enough"),
        "next_attempt_at": Rule(None, not_exported="sent_at is enough"),
        "last_error": Rule(""),
        "sent_at": Rule(kept=COUNTS),
    },
    Change: {
        "id": Rule(kept="a number of the database", not_exported="a number of the database"),
        "registration": Rule(kept="a row without personal data", not_exported="the exported one"),
        "changed_at": Rule(kept="says that something changed, not what"),
        "actor": Rule(kept="identifies nobody"),
        "changed_by": Rule(kept="is about the organiser", not_exported="is about the organiser"),
        "field": Rule(kept="a field's name"),
        "old": Rule(""),
        "new": Rule(""),
    },
}
EXPORTED_FIELDS = {
    model: [name for name, rule in rules.items() if not rule.not_exported] for model, rules in RULES.items()
}
ERASED_VALUES = {
    model: {name: rule.erased for name, rule in rules.items() if not rule.kept} for model, rules in RULES.items()
}
