from datetime import timedelta

import pytest
from django.utils import timezone

from registrations import operations
from registrations.models import Registration
from tests.factories import make_event, make_registration, person
from tests.registrations.outcome import kinds, statuses

pytestmark = pytest.mark.django_db
BY_HAND = Registration.Source.BY_HAND


def test_a_freed_place_goes_to_the_first_in_line():
    event = make_event(capacity=1)
    holder, _has_place = operations.register(person(event))
    first, _has_place = operations.register(person(event))
    second, _has_place = operations.register(person(event))
    assert operations.cancel(holder)
    assert statuses(event) == ["cancelled", "confirmed", "waitlisted"]
    assert kinds(holder) == ["registered", "cancelled"]
    assert kinds(first) == ["waitlisted", "promoted"]
    assert kinds(second) == ["waitlisted"]


def test_cancelling_twice_frees_one_place_and_sends_one_e_kinds():
    event = make_event(capacity=1)
    holder, _has_place = operations.register(person(event))
    for _number in range(2):
        operations.register(person(event))
    assert operations.cancel(holder)
    assert not operations.cancel(holder)
    assert statuses(event) == ["cancelled", "confirmed", "waitlisted"]
    assert kinds(holder) == ["registered", "cancelled"]


def test_a_place_freed_beyond_the_capacity_promotes_nobody():
    event = make_event(capacity=1)
    operations.register(person(event))
    extra, _has_place = operations.register(person(event, source=BY_HAND), beyond_capacity=True)
    operations.register(person(event))
    operations.cancel(extra)
    assert statuses(event) == ["confirmed", "cancelled", "waitlisted"]


def test_nobody_is_promoted_once_the_event_has_started():
    event = make_event(capacity=1, starts_at=timezone.now() - timedelta(hours=1))
    holder = make_registration(event)
    make_registration(event, "waitlisted")
    operations.cancel(holder)
    assert statuses(event) == ["cancelled", "waitlisted"]


def test_promotion_goes_on_after_registration_has_closed():
    event = make_event(capacity=1, registration_closes_at=timezone.now() - timedelta(hours=1))
    holder = make_registration(event)
    make_registration(event, "waitlisted")
    operations.cancel(holder)
    assert statuses(event) == ["cancelled", "confirmed"]


def test_no_limit_promotes_everybody_in_order():
    event = make_event(capacity=0)
    for _number in range(3):
        operations.register(person(event))
    event.capacity = None
    event.save()
    assert [registration.pk for registration in operations.promote(event)] == sorted(
        event.registrations.values_list("pk", flat=True)
    )
    assert statuses(event) == ["confirmed"] * 3


def test_confirming_a_cancelled_person_gives_a_place_only_when_one_is_free():
    event = make_event(capacity=1)
    cancelled = make_registration(event, "cancelled")
    assert operations.confirm(cancelled)
    assert not operations.confirm(cancelled)
    assert kinds(cancelled) == ["registered"]
    other = make_registration(event, "cancelled")
    with pytest.raises(operations.EventFull):
        operations.confirm(other)
    assert statuses(event) == ["confirmed", "cancelled"]


def test_confirming_never_overtakes_those_who_wait():
    event = make_event(capacity=1)
    make_registration(event)
    make_registration(event, "waitlisted")
    second = make_registration(event, "waitlisted")
    with pytest.raises(operations.EventFull):
        operations.confirm(second)
    assert statuses(event) == ["confirmed", "waitlisted", "waitlisted"]


def test_confirming_a_cancelled_person_who_has_registered_again_is_refused():
    event = make_event()
    old = make_registration(event, "cancelled", email="anna@example.lv")
    new = make_registration(event, email="anna@example.lv")
    for operation in (operations.confirm, operations.move_to_waiting_list):
        with pytest.raises(operations.AlreadyRegistered) as refusal:
            operation(old)
        assert refusal.value.registration == new


def test_moving_to_the_waiting_list_gives_the_place_to_the_first_in_line():
    event = make_event(capacity=1)
    holder = make_registration(event)
    make_registration(event, "waitlisted")
    assert operations.move_to_waiting_list(holder)
    assert statuses(event) == ["waitlisted", "confirmed"]
    assert not operations.move_to_waiting_list(holder)
    assert kinds(holder) == ["waitlisted"]


def test_moving_to_the_waiting_list_goes_to_its_end():
    event = make_event(capacity=1)
    holder = make_registration(event)
    first, second = make_registration(event, "waitlisted"), make_registration(event, "waitlisted")
    operations.move_to_waiting_list(holder)
    assert list(event.registrations.on_waiting_list()) == [second, holder]
    first.refresh_from_db()
    assert first.holds_a_place


def test_moving_to_the_waiting_list_is_refused_when_the_place_would_come_straight_back():
    event = make_event(capacity=1)
    holder = make_registration(event)
    with pytest.raises(operations.Refused, match="nobody else is waiting"):
        operations.move_to_waiting_list(holder)
    assert statuses(event) == ["confirmed"]
    assert kinds(holder) == []
