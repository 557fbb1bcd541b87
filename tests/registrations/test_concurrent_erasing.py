"""A person who is erased while somebody still works on what was known of them."""

import pytest

from registrations import operations, privacy
from tests.factories import make_event, make_registration, person
from tests.registrations.at_once import all_at_once, as_stored, do
from tests.registrations.outcome import kinds, statuses

pytestmark = pytest.mark.django_db(transaction=True)


def assert_nothing_tells_of(registration) -> None:
    assert as_stored(registration).email == ""
    assert set(registration.emails.values_list("to", "next_attempt_at")) <= {("", None)}


def test_cancelling_and_erasing_one_person_at_once_frees_one_place():
    event = make_event(capacity=1)
    holder, _has_place = operations.register(person(event))
    line = [operations.register(person(event)).registration for _number in range(2)]
    deeds = [(verb, as_stored(holder)) for verb in (operations.cancel, privacy.erase)]
    cancelled, erased = all_at_once(do, deeds)
    assert cancelled is True or isinstance(cancelled, operations.Refused)  # erased before it could be cancelled
    assert erased is None
    assert statuses(event) == ["cancelled", "confirmed", "waitlisted"]
    assert [kinds(registration) for registration in line] == [["waitlisted", "promoted"], ["waitlisted"]]
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
def test_who_comes_back_while_being_erased_holds_no_place_and_does_not_wait(verb, capacity):
    event = make_event(capacity=capacity)
    registration = make_registration(event, "cancelled")
    seen_by_the_eraser = as_stored(registration)
    assert verb(registration)  # had the lock first
    privacy.erase(seen_by_the_eraser)
    assert statuses(event) == ["cancelled"]
    assert_nothing_tells_of(registration)


def test_a_link_sent_again_while_the_person_is_erased_is_refused():
    registration = make_registration(make_event())
    seen_by_the_organiser = as_stored(registration)
    privacy.erase(registration)
    with pytest.raises(operations.Refused, match="erased"):
        operations.send_link_again(seen_by_the_organiser)
    assert_nothing_tells_of(registration)


def test_erasing_two_registrations_of_one_person_at_once_erases_both():
    event = make_event(capacity=1)
    cancelled, _has_place = operations.register(person(event, email="anna@example.lv"))
    operations.cancel(cancelled)
    registration, _has_place = operations.register(person(event, email="anna@example.lv"))
    outcomes = all_at_once(do, [(privacy.erase, as_stored(one)) for one in (cancelled, registration)])
    assert all(outcome is None or isinstance(outcome, operations.Refused) for outcome in outcomes)
    assert outcomes.count(None) >= 1
    for one in (cancelled, registration):
        assert_nothing_tells_of(one)


def test_an_organiser_does_not_write_back_who_was_erased_meanwhile():
    registration = make_registration(make_event(), first_name="Anna")
    seen_by_the_organiser = as_stored(registration)
    privacy.erase(registration)
    values = {"internal_note": "phoned", "first_name": "Anna"}
    with pytest.raises(operations.Refused, match="erased"):
        operations.correct(seen_by_the_organiser, values=values, by=None)
    assert_nothing_tells_of(registration)
    assert as_stored(registration).internal_note == ""
