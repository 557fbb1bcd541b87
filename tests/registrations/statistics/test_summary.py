"""The numbers of a small event by day and week, counted by hand."""

from datetime import UTC, datetime

import pytest
import time_machine

from registrations.statistics import get_overview, summarize
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.django_db


@time_machine.travel("2027-03-10 10:00Z", tick=False)  # a Wednesday
def test_the_numbers_of_an_event():
    starts_at = datetime(2027, 3, 20, 8, tzinfo=UTC)
    event, other = make_event(capacity=3, starts_at=starts_at), make_event()
    make_registration(event, created_at=datetime(2027, 3, 1, 9, tzinfo=UTC))
    make_registration(event, created_at=datetime(2027, 3, 8, 9, tzinfo=UTC))
    make_registration(event, "pending")
    make_registration(event, "waitlisted")
    make_registration(event, "cancelled")
    make_registration(other)
    now = summarize(event)
    assert now._asdict() == {
        "taken": 3,
        "pending": 1,
        "waiting": 1,
        "cancelled": 1,
        "new_today": 2,
        "new_this_week": 3,
        "days_left": 10,
    }
    assert now.people == 4


@pytest.mark.parametrize(("minute", "new_today"), [("2027-06-09T21:59:59Z", 0), ("2027-06-09T22:00:00Z", 1)])
@time_machine.travel("2027-06-10 12:00Z", tick=False)
def test_a_day_begins_in_the_events_time_zone(minute, new_today):
    event = make_event(time_zone="Europe/Berlin")
    make_registration(event, created_at=datetime.fromisoformat(minute))
    assert summarize(event).new_today == new_today


@time_machine.travel("2027-06-09 22:30Z", tick=False)
def test_today_is_the_events_own():
    starts_at = datetime(2027, 6, 10, 7, tzinfo=UTC)
    assert summarize(make_event(time_zone="Europe/Berlin", starts_at=starts_at)).days_left == 0
    assert summarize(make_event(time_zone="Europe/Lisbon", starts_at=starts_at)).days_left == 1


@time_machine.travel("2027-04-01 12:00Z", tick=False)
def test_days_are_whole_where_the_clocks_change():
    event = make_event(time_zone="Europe/Riga")
    for moment in ("2027-03-27T21:59Z", "2027-03-27T22:00Z", "2027-03-28T20:59Z", "2027-03-28T21:00Z"):
        make_registration(event, created_at=datetime.fromisoformat(moment))
    seen = get_overview(event, with_internal=False)
    assert [(period.label, period.new, period.total) for period in seen.periods] == [
        ("2027-03-27", 1, 1),
        ("2027-03-28", 2, 3),
        ("2027-03-29", 1, 4),
    ]
    assert seen.periods[1].filters == {
        "created_at__gte": "2027-03-28 00:00:00+02:00",
        "created_at__lt": "2027-03-29 00:00:00+03:00",
    }


@time_machine.travel("2027-04-01 12:00Z", tick=False)
def test_days_without_sign_ups_are_listed_and_cancelled_people_are_not():
    event = make_event()
    make_registration(event, created_at=datetime(2027, 3, 1, 12, tzinfo=UTC))
    make_registration(event, created_at=datetime(2027, 3, 3, 12, tzinfo=UTC))
    make_registration(event, "cancelled", created_at=datetime(2027, 2, 1, 12, tzinfo=UTC))
    seen = get_overview(event, with_internal=False)
    assert [(period.new, period.total) for period in seen.periods] == [(1, 1), (0, 1), (1, 2)]


@time_machine.travel("2027-06-30 12:00Z", tick=False)
def test_a_long_time_is_counted_by_weeks_from_monday():
    event = make_event()
    for day in (1, 3, 7, 8):  # the first of March 2027 is a Monday
        make_registration(event, created_at=datetime(2027, 3, day, 12, tzinfo=UTC))
    make_registration(event, created_at=datetime(2027, 6, 29, 12, tzinfo=UTC))
    seen = get_overview(event, with_internal=False)
    assert seen.is_weekly
    assert [(period.label, period.new) for period in seen.periods if period.new] == [
        ("2027-03-01", 3),
        ("2027-03-08", 1),
        ("2027-06-28", 1),
    ]
    assert seen.periods[-1].total == 5


def test_people_who_registered_years_ago_are_counted():
    event = make_event()
    make_registration(event, created_at=datetime(2001, 1, 1, tzinfo=UTC))
    make_registration(event)
    assert get_overview(event, with_internal=False).periods[-1].total == 2
