"""After a test that no transaction undoes, the database holds what it held before."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection

from conference.models import Event
from registrations.permissions import HELPERS, STAFF
from tests.database import restore_initial_rows
from tests.factories import make_event, make_user, restrict_to_events
from tests.registrations.stored_state import dump_database

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_row_of_a_test_goes_and_those_of_the_migrations_come_back():
    before = dump_database()
    user = make_user(STAFF)
    restrict_to_events(user, make_event())
    Group.objects.create(name="New").permissions.set(Permission.objects.all()[:3])
    Group.objects.filter(name=STAFF).update(name="Renamed")
    Group.objects.get(name=HELPERS).delete()
    restore_initial_rows()
    assert dump_database() == before
    assert Group.objects.filter(name=HELPERS).exists()
    assert not Event.objects.exists()


def test_a_commit_waits_for_no_disk():
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("off",)
