"""Many registrations from one network at the same moment, and organisers who accept them meanwhile."""

import threading

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from registrations import operations
from registrations.models import Burst
from registrations.operations import bursts, new_registration
from tests.factories import build_registration, make_event, make_form_data, make_registration
from tests.registrations.concurrency.threads import run_at_once
from tests.waiting import TIMEOUT, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("crowd")]


def test_many_at_once_get_as_many_confirmed_places_as_the_limit_says(settings):
    settings.BURST_LIMIT = (3, 600)
    event = make_event()
    path = f"/en/{event.slug}/register/"
    statuses = run_at_once(
        lambda form: Client().post(path, form).status_code, [make_form_data(event) for _ in range(10)]
    )
    assert statuses == [302] * 10
    assert event.registrations.filter(status="confirmed").count() == 3
    # Whoever was counted among the first and registered last is in no burst until the next one comes.
    assert event.registrations.filter(status="pending", burst=Burst.objects.get()).count() == 7
    Client().post(path, make_form_data(event))
    assert Burst.objects.with_people().get().number == 11


def is_waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


@pytest.mark.parametrize("is_locked", [True, False])
def test_who_joins_while_organisers_accept_the_others_is_registered(monkeypatch, is_locked):
    event = make_event()
    burst = Burst.objects.create(event=event)
    make_registration(event, burst=burst, origin="a")
    has_joined, is_accepted, join = threading.Event(), threading.Event(), bursts.join_burst

    def join_slowly(registration):
        join(registration)
        has_joined.set()
        wait_for(lambda: is_accepted.is_set() or is_waiting_for_a_lock())

    def register():
        try:
            return operations.register(build_registration(event, origin="a"), is_in_burst=True)
        except IntegrityError as error:
            return error

    def accept():
        assert has_joined.wait(TIMEOUT)
        operations.accept_burst(burst) if is_locked else Burst.objects.filter(pk=burst.pk).delete()
        is_accepted.set()

    monkeypatch.setattr(new_registration, "join_burst", join_slowly)
    outcome, _accepted = run_at_once(lambda work: work(), [register, accept])
    assert isinstance(outcome, IntegrityError) is not is_locked  # what would happen without the lock
    assert event.registrations.filter(burst=None).count() == (2 if is_locked else 1)
