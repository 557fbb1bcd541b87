"""In any order and at the same time, whatever people do: places, waiting list and e-mails agree."""

import time
from collections import Counter
from contextlib import suppress
from copy import copy
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from conference.models import Event
from registrations import operations, privacy
from registrations.models import Registration
from registrations.operations import locking, new_registration
from tests.factories import build_registration, make_event
from tests.registrations.concurrency.invariants import (
    assert_last_email_is_true,
    assert_nobody_overtook,
    assert_one_email_per_operation,
    assert_one_live_registration_per_person,
    assert_times_fit_status,
)
from tests.registrations.concurrency.threads import get_without_lock, run_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("crowd")]

Status = Registration.Status

NO_LIMIT = 6  # the number that stands for it when a capacity is drawn
AS_THEY_ARE, AS_SEEN_BEFORE = "as they are", "as seen before"


class Run:
    """A new event, the operations on it, and what must be true after each of them and in the end."""

    def __init__(self, **values):
        self.event = make_event(**values)
        self.held = 0  # how many places, when last looked
        self.seen = {}  # people as they were when last read: somebody may still have that page open
        self.done = []  # the operation and the registration, for each step that changed something

    def follow(self, plan):
        for verb, *details in plan:
            with suppress(operations.OperationError):
                STEPS[verb](self, *details)
            self.look()

    def somebody(self, number: int, *statuses: str, known=AS_THEY_ARE) -> Registration | None:
        """Return somebody with such a status, or anybody if nobody has it; None if there is nobody."""
        people = dict(self.event.registrations.order_by("pk").values_list("pk", "status"))
        pks = [pk for pk, status in people.items() if status in statuses] or list(people)
        if not pks:
            return None
        pk = pks[number % len(pks)]
        if known == AS_THEY_ARE or pk not in self.seen:
            self.seen[pk] = Registration.objects.get(pk=pk)
        return copy(self.seen[pk])

    def look(self):
        """Check what is true at every moment, under the lock, so never in the middle of an operation."""
        with operations.lock_event(self.event) as event:
            people = Counter(event.registrations.values_list("status", flat=True))
            held, waiting = people[Status.PENDING] + people[Status.CONFIRMED], people[Status.WAITLISTED]
            if event.capacity is not None:
                # A smaller capacity takes no place away; but what is held beyond it only ever becomes less.
                assert held <= max(event.capacity, self.held), "more places are held than there are"
            is_free = event.capacity is None or held < event.capacity
            assert not (event.promotes_automatically and is_free and waiting), "a place is free and somebody waits"
            self.held = held

    def check(self):
        """Check what is true in the end."""
        operations.promote_waiting_list(self.event)
        self.look()
        assert_one_live_registration_per_person(self.event)
        for registration in self.event.registrations.order_by("pk"):
            assert_times_fit_status(registration)
            assert_last_email_is_true(registration)
        assert_one_email_per_operation(self)
        assert_nobody_overtook(self)


# The steps. Each takes a number that selects a person or a capacity.


def newcomer_signs_up(run, number):
    register(run, build_registration(run.event))


def known_person_signs_up(run, number):
    known = run.somebody(number)
    if known and known.email:
        names = {"first_name": known.last_name.upper(), "last_name": f"{known.first_name},"}
        register(run, build_registration(run.event, email=known.email.swapcase(), **names))


def colleague_signs_up(run, number):
    """One of two people who share an address with somebody."""
    known = run.somebody(number)
    if known and known.email:
        names = {"first_name": ["Ilze", "Juris"][number % 2], "last_name": "Kalns"}
        register(run, build_registration(run.event, email=known.email.swapcase(), **names))


def register(run, newcomer):
    if operations.register(newcomer).registration is newcomer:
        run.done.append(("register", newcomer))


def to_somebody(operation, *statuses):
    def act(run, number, known):
        registration = run.somebody(number, *statuses, known=known)
        if registration and operation(registration):
            run.done.append((operation.__name__, registration))

    return act


def hold_expires(run, number):
    registration = run.somebody(number, Status.PENDING)
    if registration:
        with operations.lock_event(run.event):
            pending = Registration.objects.filter(pk=registration.pk, status=Status.PENDING)
            pending.update(hold_until=timezone.now() - timedelta(seconds=1))


def expired_holds_are_released(run, number):
    operations.release_expired_holds()


def capacity_changes(run, number):
    with operations.lock_event(run.event):  # in one transaction, as in the admin
        run.look()
        Event.objects.filter(pk=run.event.pk).update(capacity=None if number == NO_LIMIT else number)
        operations.promote_waiting_list(run.event)
        run.look()


PERSONAL = {
    "cancel": to_somebody(operations.cancel, *Status.occupying_place()),
    "cancel anybody": to_somebody(operations.cancel),
    "rejoin": to_somebody(operations.rejoin, Status.CANCELLED),
    "confirm address": to_somebody(operations.confirm_address, Status.PENDING),
    "confirm": to_somebody(operations.confirm),
    "move to waiting list": to_somebody(operations.move_to_waiting_list),
    "promote out of turn": to_somebody(operations.promote_out_of_turn, Status.WAITLISTED),
    "erase": to_somebody(privacy.erase_person),
}
GENERAL = {
    "newcomer signs up": newcomer_signs_up,
    "known person signs up": known_person_signs_up,
    "colleague signs up": colleague_signs_up,
    "hold expires": hold_expires,
    "expired holds are released": expired_holds_are_released,
    "capacity changes": capacity_changes,
}
STEPS = PERSONAL | GENERAL


# The tests.

few = st.integers(0, 3)  # so that much happens to the same people
personal = st.tuples(st.sampled_from(list(PERSONAL)), few, st.sampled_from([AS_THEY_ARE, AS_SEEN_BEFORE]))
general = st.tuples(st.sampled_from(list(GENERAL)), st.integers(0, NO_LIMIT))
steps = personal | general
mostly = st.sampled_from([True, True, False])
events = st.fixed_dictionaries(
    {
        "capacity": st.sampled_from([1, 2, 3, 0, 5, None]),
        "waiting_list_enabled": mostly,
        "confirm_email": st.booleans(),
        "promotes_automatically": mostly,
    }
)
crowds = st.integers(2, 6).map(lambda number: [("newcomer signs up", 0)] * number)
ONE_HELD_PLACE = {"capacity": 1, "waiting_list_enabled": True, "confirm_email": True, "promotes_automatically": True}

# The same examples each time, so that a failure is news of the code; each on a new event in the same database.
any_run = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.slow
@any_run
@given(values=events, crowd=crowds, plan=st.lists(steps, min_size=5, max_size=30))
@example(  # cancelled by two who both saw a place
    values=ONE_HELD_PLACE,
    crowd=[("newcomer signs up", 0)] * 3,
    plan=[("cancel anybody", 0, AS_THEY_ARE), ("cancel anybody", 0, AS_SEEN_BEFORE)],
)
@example(  # back again while being erased
    values=ONE_HELD_PLACE,
    crowd=[("newcomer signs up", 0)],
    plan=[("cancel", 0, AS_THEY_ARE), ("rejoin", 0, AS_THEY_ARE), ("erase", 0, AS_SEEN_BEFORE)],
)
@example(  # chosen for a place that goes to the first in line at that moment
    values=ONE_HELD_PLACE,
    crowd=[("newcomer signs up", 0)] * 3,
    plan=[("hold expires", 0), ("promote out of turn", 1, AS_THEY_ARE)],
)
def test_in_any_order_places_waiting_list_and_e_mails_agree(values, crowd, plan):
    run = Run(**values)
    run.follow(crowd + plan)
    run.check()


# Not made smaller when it fails: another run of the same plans may well go another way.
@pytest.mark.slow
@settings(any_run, max_examples=40, phases=[Phase.generate])
@given(values=events, crowd=crowds, plans=st.lists(st.lists(steps, min_size=4, max_size=12), min_size=2, max_size=4))
def test_at_the_same_time_places_waiting_list_and_e_mails_agree(values, crowd, plans):
    run = Run(**values)
    run.follow(crowd)
    run_at_once(run.follow, plans)
    run.check()


def test_control_without_the_lock_more_places_are_held_than_there_are(monkeypatch):
    def fill_and_wait(*arguments):
        result = operations.fill_free_places(*arguments)
        time.sleep(0.05)  # between counting the places and taking one
        return result

    monkeypatch.setattr(new_registration, "fill_free_places", fill_and_wait)
    plans = [[("newcomer signs up", 0)] * 3] * 6
    guarded = Run(capacity=5, confirm_email=True)
    run_at_once(guarded.follow, plans)
    guarded.check()
    assert guarded.held == 5

    monkeypatch.setattr(locking, "select_event_for_update", get_without_lock)
    unguarded = Run(capacity=5, confirm_email=True)
    with pytest.raises(AssertionError, match="more places are held than there are"):
        run_at_once(unguarded.follow, plans)
    assert unguarded.event.registrations.occupying_place().count() > 5
