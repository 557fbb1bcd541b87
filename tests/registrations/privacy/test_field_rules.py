import pytest

from registrations.models import Change, OutgoingEmail, Registration
from registrations.privacy.field_rules import ERASED_VALUES, EXPORTED_FIELDS, KEPT_FIELDS, NOT_EXPORTED_FIELDS


def get_field_names(model) -> set[str]:
    """Return the names of the model's own fields, many-to-many ones included."""
    return {field.name for field in model._meta.get_fields() if not field.auto_created or field.concrete}


@pytest.mark.parametrize("model", [Registration, OutgoingEmail, Change])
@pytest.mark.parametrize(
    ("done", "left"),
    [
        (EXPORTED_FIELDS, NOT_EXPORTED_FIELDS),
        (ERASED_VALUES, KEPT_FIELDS),
    ],
    ids=["exported", "erased"],
)
def test_every_field_has_a_rule(model, done, left):
    assert get_field_names(model) == set(done[model]) | set(left[model])
    assert not set(done[model]) & set(left[model])


def test_nothing_else_belongs_to_a_person():
    """A table that refers to registrations holds personal data, which must be exported and erased too."""
    related = {relation.related_model for relation in Registration._meta.related_objects}
    assert related == {OutgoingEmail, Change}


def test_a_field_without_a_rule_would_be_noticed(monkeypatch):
    monkeypatch.setitem(ERASED_VALUES, Registration, {"first_name": ""})
    assert get_field_names(Registration) != set(ERASED_VALUES[Registration]) | set(KEPT_FIELDS[Registration])
