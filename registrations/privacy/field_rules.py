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
PRIMARY_KEY = Rule(kept="a number of the database", not_exported="a number of the database")
THE_PERSON = Rule(kept="a row without personal data", not_exported="the exported one")

RULES = {
    Registration: {
        **dict.fromkeys(["first_name", "last_name", "email", "new_email", "organisation", "job_title"], Rule("")),
        **dict.fromkeys(["country", "sector", "language", "status", "source", "created_at"], Rule(kept=COUNTS)),
        **dict.fromkeys(["email_confirmed_at", "hold_until", "waiting_since"], Rule(kept=COUNTS)),
        **dict.fromkeys(["confirmed_at", "cancelled_at", "checked_in_at"], Rule(kept=COUNTS)),
        "id": PRIMARY_KEY,
        "event": Rule(kept=COUNTS, not_exported="its title is exported"),
        "reference": Rule(kept="replaced by a new one that nobody has seen"),
        "answers": Rule({}),
        "consented_at": Rule(None),
        "erased_at": Rule(kept="records the erasure", not_exported="empty until there is nothing left to export"),
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
        **dict.fromkeys(["to", "subject", "text", "last_error"], Rule("")),
        **dict.fromkeys(["kind", "language", "created_at", "attempts", "sent_at"], Rule(kept=COUNTS)),
        "id": PRIMARY_KEY,
        "registration": THE_PERSON,
        "mailing": Rule(kept="its text is the same for everybody", not_exported="its text is in the e-mail's text"),
        "is_bulk": Rule(kept="the order of sending", not_exported="the order of sending"),
        "html": Rule("", not_exported="the same as the text"),
        "calendar_method": Rule(kept="identifies nobody", not_exported="only describes the attached calendar file"),
        "due_since": Rule(kept=COUNTS, not_exported="sent_at is enough"),
        "next_attempt_at": Rule(None, not_exported="sent_at is enough"),
    },
    Change: {
        **dict.fromkeys(["old", "new"], Rule("")),
        "id": PRIMARY_KEY,
        "registration": THE_PERSON,
        "changed_at": Rule(kept="says that something changed, not what"),
        "actor": Rule(kept="identifies nobody"),
        "changed_by": Rule(kept="is about the organiser", not_exported="is about the organiser"),
        "field": Rule(kept="a field's name"),
    },
}
# In the order of the model.
EXPORTED_FIELDS = {
    model: [field.name for field in model._meta.fields if field.name in rules and not rules[field.name].not_exported]
    for model, rules in RULES.items()
}
ERASED_VALUES = {
    model: {name: rule.erased for name, rule in rules.items() if not rule.kept} for model, rules in RULES.items()
}
