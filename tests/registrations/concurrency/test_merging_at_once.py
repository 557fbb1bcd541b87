"""Merging while others register, cancel or merge the same two."""

from collections import Counter

import pytest

from registrations import operations
from tests.factories import build_registration, make_event, make_registration
from tests.registrations.concurrency.threads import attempt, reload, run_at_once
from tests.registrations.stored_state import list_statuses

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("crowd")]


def merge_with(other):
    """Return an operation for `attempt` that merges `other` into the given registration."""
    return lambda registration: operations.merge(registration, other, taking=["email"], by=None)


def test_a_merge_and_registrations_at_once_take_no_more_places_than_there_are():
    event = make_event(capacity=10)
    pairs = [(make_registration(event), make_registration(event)) for _number in range(5)]
    steps = [(merge_with(drop), keep) for keep, drop in pairs]
    steps += [(operations.register, build_registration(event)) for _number in range(20)]
    run_at_once(attempt, steps)
    assert Counter(event.registrations.values_list("status", flat=True)) == {
        "confirmed": 10,
        "waitlisted": 15,
        "cancelled": 5,
    }
    line = list(event.registrations.on_waiting_list())
    newcomers = event.registrations.occupying_place().exclude(pk__in=[keep.pk for keep, _drop in pairs])
    assert max(one.created_at for one in newcomers) < line[0].created_at


def test_merging_in_both_directions_at_once_leaves_one_of_the_two():
    event = make_event(capacity=5)
    one, other = make_registration(event), make_registration(event)
    steps = [(merge_with(reload(other)), reload(one)), (merge_with(reload(one)), reload(other))]
    outcomes = run_at_once(attempt, steps)
    assert [outcome for outcome in outcomes if isinstance(outcome, operations.OperationError)] != outcomes
    assert sorted(list_statuses(event)) == ["cancelled", "confirmed"]


def test_a_merge_and_a_cancellation_of_the_kept_one_at_once_happen_one_after_the_other():
    event = make_event(capacity=1)
    keep, drop = make_registration(event), make_registration(event, "waitlisted")
    waiting = make_registration(event, "waitlisted")
    run_at_once(attempt, [(merge_with(drop), keep), (operations.cancel, reload(keep))])
    held = event.registrations.occupying_place()
    # Merged first, the next in line has the place; cancelled first, whoever was not merged has it.
    assert held.count() == 1
    assert held.get() in (drop, waiting)
