"""Whoever was marked as attended before there were doors has a check-in that says the same."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

from attendance.models import CheckIn
from attendance.operations import list_wrong_times
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.django_db
migration = import_module("attendance.migrations.0002_rosters_and_earlier_check_ins")


def test_the_migration_gives_everybody_who_came_one_check_in():
    event, at = make_event(), timezone.now() - timedelta(days=2)
    came = make_registration(event, checked_in_at=at)
    make_registration(event)
    assert list_wrong_times(event) == [came.pk]
    for _time in range(2):  # again, it adds nothing
        with connection.cursor() as cursor:
            cursor.execute(migration.EARLIER_CHECK_INS)
    check_in = CheckIn.objects.get()
    assert (check_in.registration, check_in.kind, check_in.method, check_in.happened_at) == (came, "in", "by_hand", at)
    assert list_wrong_times(event) == []
