import pytest

from attendance.models import Badge, CheckIn
from registrations.models import Change, OutgoingEmail, Registration
from registrations.privacy import ERASED_VALUES, EXPORTED_FIELDS, RULES, Rule

NOT_EXPORTED = {
    Registration: {
        "ticket_key",
        *("id", "event", "topics", "search_text", "sort_name", "person_key", "erased_at"),
        *("link_version", "new_link_version", "origin", "burst"),
    },
    OutgoingEmail: {
        *("id", "registration", "mailing", "is_bulk"),
        *("html", "calendar_method", "due_since", "next_attempt_at"),
    },
    Change: {"id", "registration", "changed_by"},
    CheckIn: {
        *("id", "event", "registration", "ticket_key", "undoes", "door", "device", "user", "clock_offset"),
        "recorded_in",
    },
    Badge: {"registration", "role"},
}
ERASED = {
    Registration: {
        *("first_name", "last_name", "email", "new_email", "organisation", "job_title"),
        *("answers", "internal_note", "tags", "consented_at", "origin", "burst"),
    },
    OutgoingEmail: {"to", "subject", "text", "html", "entered", "last_error", "next_attempt_at"},
    Change: {"old", "new"},
    CheckIn: {"ticket_key", "reason"},
    Badge: {"role", "printed_at"},
}


def get_field_names(model) -> set[str]:
    """Return the names of the model's own fields, many-to-many ones included."""
    return {field.name for field in model._meta.get_fields() if not field.auto_created or field.concrete}


@pytest.mark.parametrize("model", [Registration, OutgoingEmail, Change, CheckIn, Badge])
def test_every_field_has_a_rule(model):
    assert get_field_names(model) == set(RULES[model])
    assert [name for name, rule in RULES[model].items() if rule.kept and rule.erased is not None] == []


@pytest.mark.parametrize("model", [Registration, OutgoingEmail, Change, CheckIn, Badge])
def test_what_is_exported_and_erased(model):
    assert set(EXPORTED_FIELDS[model]) == set(RULES[model]) - NOT_EXPORTED[model]
    assert set(ERASED_VALUES[model]) == ERASED[model]
    assert [value for value in ERASED_VALUES[model].values() if value] == []


def test_nothing_else_belongs_to_a_person():
    """A table that refers to registrations holds personal data, which must be exported and erased too."""
    related = {relation.related_model for relation in Registration._meta.related_objects}
    assert related == {OutgoingEmail, Change, CheckIn, Badge}


def test_a_field_without_a_rule_would_be_noticed(monkeypatch):
    monkeypatch.setitem(RULES, Registration, {"first_name": Rule("")})
    with pytest.raises(AssertionError):
        test_every_field_has_a_rule(Registration)
