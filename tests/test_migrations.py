"""Migrations run while the version before them serves visitors and organisers, until the restart."""

import pytest
from django.db.migrations import AddField
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED, Field

# The first version began with these.
FIRST = {"conference": "0005", "registrations": "0004"}


def find_added_fields(app: str) -> dict[str, Field]:
    """The fields that migrations after the first version add to tables that there are."""
    found = {key: one for key, one in MigrationLoader(None).disk_migrations.items() if key[0] == app}
    return {
        f"{name}: {operation.model_name}.{operation.name}": operation.field
        for (_app, name), migration in sorted(found.items())
        for operation in migration.operations
        if name >= FIRST[app] and isinstance(operation, AddField)
    }


def is_filled_in_by_the_database(field: Field) -> bool:
    return field.null or field.many_to_many or field.generated or field.db_default is not NOT_PROVIDED


@pytest.mark.parametrize("app", FIRST)
def test_the_version_before_can_still_add_rows(app):
    added = find_added_fields(app)
    assert added
    assert [name for name, field in added.items() if not is_filled_in_by_the_database(field)] == []
