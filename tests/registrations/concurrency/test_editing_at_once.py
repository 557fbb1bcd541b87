"""Two organisers who press save at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from conference.admin import concurrent_edits
from conference.admin.concurrent_edits import lock_edits
from conference.models import Venue
from tests.factories import make_user, make_venue
from tests.registrations.admin.page_forms import read_form
from tests.waiting import wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("crowd")]

WAITING = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
"""


def count_waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


def save_while_somebody_else_does(is_waiting_expected: bool) -> tuple[int, str]:
    """Return the status of the answer to who saved second, and the postal code that is stored."""
    venue = make_venue()
    address = f"/admin/conference/venue/{venue.pk}/change/"
    client = Client()
    client.force_login(make_user(is_superuser=True))
    data = read_form(client, address).data

    def save() -> int:
        try:
            return client.post(address, {**data, "postal_code": "LV-1002"}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            lock_edits(f"conference.venue-{venue.pk}")
            second = threads.submit(save)
            wait_for(count_waiting if is_waiting_expected else second.done)
            Venue.objects.filter(pk=venue.pk).update(postal_code="LV-1001")
        return second.result(), Venue.objects.get(pk=venue.pk).postal_code


def test_who_saves_second_sees_what_the_first_saved():
    assert save_while_somebody_else_does(is_waiting_expected=True) == (200, "LV-1001")


def test_without_the_lock_the_second_is_told_nothing(monkeypatch):
    monkeypatch.setattr(concurrent_edits, "lock_edits", lambda key: None)
    assert save_while_somebody_else_does(is_waiting_expected=False) == (302, "LV-1001")
