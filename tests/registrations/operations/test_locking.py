"""What waits for the lock of an event, and what does not."""

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone

from conference.models import Event
from registrations import operations
from registrations.mail import outbox
from registrations.operations import locking
from tests.factories import build_registration, make_event
from tests.registrations.concurrency.threads import run_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_events_do_not_wait_for_each_other():
    one, other = make_event(), make_event()
    with transaction.atomic():
        locking.select_event_for_update(one)
        (sign_up,) = run_at_once(
            operations.register, [build_registration(other)]
        )  # would wait for ever on the same lock
        assert sign_up.has_place


def test_without_the_lock_in_time_the_site_is_busy_and_nothing_is_saved(monkeypatch):
    monkeypatch.setattr("config.database_limits.LOCK_TIMEOUT", 100)
    event = make_event()

    def impatient(registration):
        with pytest.raises(operations.Busy) as refusal:
            operations.register(registration)
        return str(refusal.value)

    with transaction.atomic():
        locking.select_event_for_update(event)
        (told,) = run_at_once(impatient, [build_registration(event)])
    assert "please send the form again" in told
    assert not event.registrations.exists()


def test_a_locked_event_is_not_copied_and_nothing_waits_forever(monkeypatch):
    monkeypatch.setattr("config.database_limits.LOCK_TIMEOUT", 100)
    event = make_event()

    def impatient(slug):
        with pytest.raises(operations.Busy):
            operations.copy_event(event, starts_at=timezone.now(), slug=slug)

    with transaction.atomic():
        locking.select_event_for_update(event)
        run_at_once(impatient, ["copy"])
    assert Event.objects.get() == event


def test_another_failure_of_the_database_is_not_taken_for_a_busy_lock(monkeypatch):
    def broken(event):
        raise OperationalError("the server went away")

    monkeypatch.setattr(locking, "select_event_for_update", broken)
    with pytest.raises(OperationalError, match="went away"):
        operations.register(build_registration(make_event()))


def test_a_registration_that_fails_halfway_leaves_nothing_behind(monkeypatch):
    def broken(*arguments):
        raise RuntimeError("killed")

    monkeypatch.setattr(outbox, "queue", broken)
    event = make_event()
    with pytest.raises(RuntimeError, match="killed"):
        operations.register(build_registration(event))
    assert not event.registrations.exists()
