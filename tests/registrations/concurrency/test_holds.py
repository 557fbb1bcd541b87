"""Holds that expire while others confirm theirs, register or are counted."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from registrations import operations
from registrations.availability import count_places
from registrations.models import OutgoingEmail, Registration
from tests.factories import build_registration, make_event, make_registration
from tests.registrations.concurrency.threads import attempt, reload, run_at_once
from tests.registrations.stored_state import list_email_kinds, list_statuses

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("crowd")]


def held_places(event) -> list[Registration]:
    """Take all places of an event that requires confirmed addresses, without confirming them."""
    people = [operations.register(build_registration(event)).registration for _number in range(event.capacity)]
    OutgoingEmail.objects.update(sent_at=timezone.now(), next_attempt_at=None)
    return people


def let_expire(*registrations) -> None:
    pks = [registration.pk for registration in registrations]
    Registration.objects.filter(pk__in=pks).update(hold_until=timezone.now() - timedelta(seconds=1))


def release(_registration) -> None:
    operations.release_expired_holds()


def test_an_expired_hold_released_three_times_at_once_goes_to_one_person():
    event = make_event(capacity=1, confirm_email=True)
    (lapsed,) = held_places(event)
    first, second = (operations.register(build_registration(event)).registration for _number in range(2))
    let_expire(lapsed)
    run_at_once(lambda _number: operations.release_expired_holds(), range(3))
    assert list_statuses(event) == ["cancelled", "pending", "waitlisted"]
    assert list_email_kinds(lapsed) == ["confirm"]
    assert list_email_kinds(first) == ["waitlisted", "promoted"]
    assert list_email_kinds(second) == ["waitlisted"]


def test_confirming_too_late_while_the_holds_are_released_takes_a_place_from_nobody():
    event = make_event(capacity=9, confirm_email=True)
    late = held_places(event)
    line = [make_registration(event, "waitlisted") for _number in range(12)]
    let_expire(*late)
    steps = [(operations.confirm_address, reload(registration)) for registration in late]
    assert run_at_once(attempt, [*steps, (release, None)]) == [False] * 9 + [None]
    assert list(event.registrations.occupying_place().order_by("pk")) == line[:9]
    assert list(event.registrations.on_waiting_list()) == line[9:]
    assert all(reload(registration).has_expired_hold for registration in late)
    assert [list_email_kinds(registration) for registration in late + line] == [["confirm"]] * 9 + [
        ["promoted"]
    ] * 9 + [[]] * 3


def test_confirming_in_time_while_another_hold_is_released_keeps_the_place():
    event = make_event(capacity=2, confirm_email=True)
    in_time, late = held_places(event)
    first, second = (make_registration(event, "waitlisted") for _number in range(2))
    let_expire(late)
    steps = [(operations.confirm_address, reload(in_time)) for _number in range(3)]
    assert Counter(run_at_once(attempt, steps + [(release, None)] * 3)) == {True: 1, False: 2, None: 3}
    assert list_statuses(event) == ["confirmed", "cancelled", "pending", "waitlisted"]
    assert [list_email_kinds(one) for one in (in_time, first, second)] == [["confirm", "registered"], ["promoted"], []]


def test_a_hold_that_expires_while_the_places_are_counted_leaves_no_place_empty(monkeypatch, time_machine):
    event = make_event(capacity=2, confirm_email=True)
    late, later = held_places(event)
    line = [make_registration(event, "waitlisted") for _number in range(2)]
    let_expire(late)

    def places_slowly(*arguments):
        counted = count_places(*arguments)
        time_machine.move_to(later.hold_until)
        return counted

    with monkeypatch.context() as patch:
        patch.setattr("registrations.operations.waiting_list.count_places", places_slowly)
        operations.release_expired_holds()
    operations.release_expired_holds()
    assert list(event.registrations.occupying_place().order_by("pk")) == line
