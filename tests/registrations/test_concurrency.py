"""Races, run with real threads on real PostgreSQL. Each has a control that shows what the lock is for.

All in one file, so on one of the workers that share the tests by files: at once on two they would need
more connections than a server has.
"""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, connections, transaction

from conference.models import Event
from registrations import emails, operations
from registrations.models import OutgoingEmail, Registration
from registrations.operations import lock, standing
from tests.factories import make_event, make_registration, person

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 60  # seconds; a busy machine may need many


def all_at_once(work, arguments) -> list:
    """Run `work` with each argument in a thread of its own, started together; their results in order."""
    arguments = list(arguments)
    start = threading.Barrier(len(arguments), timeout=2 * PATIENCE)

    def run(argument):
        try:
            connect_patiently()
            start.wait()
            return work(argument)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(arguments)) as threads:
        return list(threads.map(run, arguments))


def connect_patiently() -> None:
    """Connect once the server has room again: it may still be seeing off the threads of the test before."""
    for _attempt in range(PATIENCE):
        try:
            return connection.ensure_connection()
        except OperationalError as error:
            refusal = error
            time.sleep(1)
    raise AssertionError(f"No connection in {PATIENCE} seconds: {refusal}")


def without_lock(event: Event) -> Event:
    return Event.objects.get(pk=event.pk)


def sign_up_at_once(event, number):
    return all_at_once(operations.register, [person(event) for _number in range(number)])


def test_sixty_at_once_for_twenty_places_get_exactly_twenty():
    event = make_event(capacity=20)
    sign_ups = sign_up_at_once(event, 60)
    assert Counter(event.registrations.values_list("status", flat=True)) == {"confirmed": 20, "waitlisted": 40}
    assert Counter(sign_up.has_place for sign_up in sign_ups) == {True: 20, False: 40}
    # In order: whoever got a place came before whoever waits, and the line is in the order of coming.
    line = list(event.registrations.on_waiting_list())
    assert line == sorted(line, key=lambda registration: registration.created_at)
    last_in = event.registrations.holding_a_place().order_by("-created_at")[0]
    assert last_in.created_at < line[0].created_at
    assert [registration.place_in_line for registration in line] == list(range(1, 41))
    assert Counter(OutgoingEmail.objects.values_list("kind", flat=True)) == {"registered": 20, "waitlisted": 40}


def test_control_without_the_lock_the_same_sign_ups_oversell(monkeypatch):
    monkeypatch.setattr(lock, "lock_event", without_lock)
    event = make_event(capacity=20)
    sign_up_at_once(event, 60)
    assert event.registrations.holding_a_place().count() > 20


def test_one_address_in_two_spellings_twenty_times_at_once_is_one_registration():
    event = make_event(capacity=1)
    spellings = ["anna@example.lv", "Anna@Example.LV"] * 10
    people = [person(event, email=email, first_name=f"Anna {number}") for number, email in enumerate(spellings)]
    sign_ups = all_at_once(operations.register, people)
    registration = event.registrations.get()
    assert {sign_up.registration for sign_up in sign_ups} == {registration}
    assert Counter(registration.emails.values_list("kind", flat=True)) == {"registered": 1, "already_registered": 1}


def test_cancelling_at_once_and_twice_promotes_the_first_in_line():
    event = make_event(capacity=5)
    holders = [make_registration(event) for _number in range(5)]
    line = [make_registration(event, "waitlisted") for _number in range(15)]
    twice = [Registration.objects.get(pk=holder.pk) for holder in holders * 2]
    assert Counter(all_at_once(operations.cancel, twice)) == {True: 5, False: 5}
    assert list(event.registrations.holding_a_place().order_by("pk")) == line[:5]
    assert list(event.registrations.on_waiting_list()) == line[5:]


def test_control_without_the_lock_cancelling_twice_is_noticed(monkeypatch):
    monkeypatch.setattr(lock, "lock_event", without_lock)
    together = threading.Barrier(2)

    def reread(registration):
        registration.refresh_from_db()
        together.wait(timeout=10)

    monkeypatch.setattr(standing, "reread", reread)
    event = make_event(capacity=1)
    holder = make_registration(event)
    twice = [Registration.objects.get(pk=holder.pk) for _number in range(2)]
    assert all_at_once(operations.cancel, twice) == [True, True]
    assert holder.emails.count() == 2


def test_sign_ups_and_cancellations_together_never_oversell():
    event = make_event(capacity=10)
    holders = [make_registration(event) for _number in range(10)]
    verbs = [(operations.cancel, holder) for holder in holders]
    verbs += [(operations.register, person(event)) for _number in range(20)]
    all_at_once(lambda verb: verb[0](verb[1]), verbs)
    assert event.registrations.holding_a_place().count() == 10
    newcomers = event.registrations.exclude(pk__in=[holder.pk for holder in holders]).order_by("created_at", "pk")
    assert list(newcomers[:10]) == list(event.registrations.holding_a_place().order_by("created_at", "pk"))


def test_two_events_do_not_wait_for_each_other():
    one, other = make_event(), make_event()
    with transaction.atomic():
        lock.lock_event(one)
        (sign_up,) = all_at_once(operations.register, [person(other)])  # would wait for ever on the same lock
        assert sign_up.has_place


def test_who_cannot_get_the_lock_in_time_is_told_so_and_nothing_is_stored():
    event = make_event()

    def impatient(registration):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        with pytest.raises(operations.Busy) as refusal:
            operations.register(registration)
        return str(refusal.value)

    with transaction.atomic():
        lock.lock_event(event)
        (told,) = all_at_once(impatient, [person(event)])
    assert "please send it again" in told
    assert not event.registrations.exists()


def test_another_failure_of_the_database_is_not_taken_for_a_busy_lock(monkeypatch):
    def broken(event):
        raise OperationalError("the server went away")

    monkeypatch.setattr(lock, "lock_event", broken)
    with pytest.raises(OperationalError, match="went away"):
        operations.register(person(make_event()))


def test_a_sign_up_that_fails_half_way_leaves_nothing_behind(monkeypatch):
    def broken(*arguments):
        raise RuntimeError("killed")

    monkeypatch.setattr(emails, "queue", broken)
    event = make_event()
    with pytest.raises(RuntimeError, match="killed"):
        operations.register(person(event))
    assert not event.registrations.exists()
