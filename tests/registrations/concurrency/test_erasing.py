"""Erasing a person while others change the registration."""

import pytest

from registrations import operations, privacy
from tests.factories import build_registration, make_event, make_registration
from tests.registrations.concurrency.threads import attempt, reload, run_at_once
from tests.registrations.stored_state import list_email_kinds, list_statuses

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("crowd")]


def assert_nothing_tells_of(registration) -> None:
    assert reload(registration).email == ""
    assert set(registration.emails.values_list("to", "next_attempt_at")) <= {("", None)}


def test_cancelling_and_erasing_one_person_at_once_frees_one_place():
    event = make_event(capacity=1)
    holder, _has_place = operations.register(build_registration(event))
    line = [operations.register(build_registration(event)).registration for _number in range(2)]
    steps = [(verb, reload(holder)) for verb in (operations.cancel, privacy.erase_person)]
    cancelled, erased = run_at_once(attempt, steps)
    assert cancelled is True or isinstance(cancelled, operations.OperationError)  # erased before it could be cancelled
    assert erased is None
    assert list_statuses(event) == ["cancelled", "confirmed", "waitlisted"]
    assert [list_email_kinds(registration) for registration in line] == [["waitlisted", "promoted"], ["waitlisted"]]
    assert_nothing_tells_of(holder)


@pytest.mark.parametrize(
    ("verb", "capacity"),
    [
        (operations.rejoin, 1),
        (operations.rejoin, 0),
        (operations.confirm, 1),
        (operations.move_to_waiting_list, 0),
    ],
)
def test_somebody_who_rejoins_while_being_erased_has_no_place_and_does_not_wait(verb, capacity):
    event = make_event(capacity=capacity)
    registration = make_registration(event, "cancelled")
    seen_by_the_eraser = reload(registration)
    assert verb(registration)  # had the lock first
    privacy.erase_person(seen_by_the_eraser)
    assert list_statuses(event) == ["cancelled"]
    assert_nothing_tells_of(registration)


def test_a_link_sent_again_while_the_person_is_erased_is_refused():
    registration = make_registration(make_event())
    seen_by_the_organiser = reload(registration)
    privacy.erase_person(registration)
    with pytest.raises(operations.OperationError, match="erased"):
        operations.resend_link(seen_by_the_organiser)
    assert_nothing_tells_of(registration)


def test_erasing_two_registrations_of_one_person_at_once_erases_both():
    event = make_event(capacity=1)
    cancelled, _has_place = operations.register(build_registration(event, email="anna@example.lv"))
    operations.cancel(cancelled)
    registration, _has_place = operations.register(build_registration(event, email="anna@example.lv"))
    outcomes = run_at_once(attempt, [(privacy.erase_person, reload(one)) for one in (cancelled, registration)])
    assert all(outcome is None or isinstance(outcome, operations.OperationError) for outcome in outcomes)
    assert outcomes.count(None) >= 1
    for one in (cancelled, registration):
        assert_nothing_tells_of(one)


def test_an_organiser_does_not_restore_data_that_was_erased_meanwhile():
    registration = make_registration(make_event(), first_name="Anna")
    seen_by_the_organiser = reload(registration)
    privacy.erase_person(registration)
    values = {"internal_note": "phoned", "first_name": "Anna"}
    with pytest.raises(operations.OperationError, match="erased"):
        operations.correct_details(seen_by_the_organiser, values=values, by=None)
    assert_nothing_tells_of(registration)
    assert reload(registration).internal_note == ""
