"""What is stored about people at the door and on their badges: which fields are exported and erased."""

from attendance.models import Badge, CheckIn
from registrations.privacy import COUNTS, PRIMARY_KEY, THE_PERSON, Rule, add_rules

HELPERS = Rule(kept="is about the helper", not_exported="is about the helper")

CHECK_IN_RULES = {
    **dict.fromkeys(["kind", "method", "happened_at", "received_at", "verdict", "is_practice"], Rule(kept=COUNTS)),
    **dict.fromkeys(["device", "user"], HELPERS),
    "id": PRIMARY_KEY,
    "event": Rule(kept=COUNTS, not_exported="its title is exported"),
    "registration": THE_PERSON,
    "ticket_key": Rule("", not_exported="follows the ticket's code"),
    "undoes": Rule(kept="a number of the database", not_exported="a number of the database"),
    "door": Rule(kept=COUNTS, not_exported="a number of the database"),
    "clock_offset": Rule(kept="is about a phone's clock", not_exported="is about a phone's clock"),
    "recorded_in": Rule(kept="a number of the database", not_exported="a number of the database"),
    "reason": Rule(""),
}

BADGE_RULES = {
    "registration": THE_PERSON,
    "role": Rule(None, not_exported="is read on the badge"),
    "printed_at": Rule(None),
}


def add_attendance_rules() -> None:
    add_rules("check_ins", CheckIn, CHECK_IN_RULES)
    add_rules("badges", Badge, BADGE_RULES)
