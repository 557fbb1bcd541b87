"""Who came: people, not scans, each at the first entrance and time; every number is what plain SQL finds."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from attendance.day_figures import get_day_figures
from tests.attendance.check_ins import make_check_in
from tests.attendance.doors import Phone, make_door
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.django_db

NINE = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)  # in Riga

VALID = """
    attendance_checkin AS c WHERE event_id = %(event)s AND NOT is_practice AND registration_id IS NOT NULL
    AND kind <> 'undo' AND NOT EXISTS (SELECT 1 FROM attendance_checkin u WHERE u.kind = 'undo' AND u.undoes = c.id)
"""
FIRST = f"""
    SELECT DISTINCT ON (registration_id) door_id, happened_at FROM {VALID} AND kind = 'in'
    ORDER BY registration_id, happened_at, id
"""  # noqa: S608
LAST = f"SELECT DISTINCT ON (registration_id) kind FROM {VALID} ORDER BY registration_id, happened_at DESC, id DESC"  # noqa: S608


def ask(event, sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"event": event.pk})
        return cursor.fetchall()


def minutes(number: int) -> datetime:
    return NINE + timedelta(minutes=number)


@pytest.fixture
def event():
    """Five people and what happened to them; one of them has not come."""
    event, other = make_event(starts_at=NINE), make_event(starts_at=NINE)
    a, b = make_door(event, "A"), make_door(event, "B")
    twice, undone, waiting, walk_in, _absent = (
        make_registration(event, status)
        for status in ["confirmed", "confirmed", "waitlisted", "confirmed", "confirmed"]
    )
    make_check_in(twice, door=b, happened_at=minutes(16), verdict="again")
    make_check_in(twice, door=a, happened_at=minutes(14))
    make_check_in(twice, "out", door=b, happened_at=minutes(30))
    wrong = make_check_in(undone, door=a, happened_at=minutes(1))
    make_check_in(undone, "undo", undoes=wrong.pk, happened_at=minutes(2))
    make_check_in(undone, door=b, happened_at=minutes(59))
    make_check_in(waiting, happened_at=minutes(15), verdict="waitlisted")
    make_check_in(walk_in, door=b, method="walk_in", happened_at=minutes(46))
    make_check_in(walk_in, door=b, method="walk_in", happened_at=minutes(47), verdict="again")
    make_check_in(event=event, door=a, happened_at=minutes(3), verdict="unknown")
    make_check_in(make_registration(event), door=a, happened_at=minutes(4), is_practice=True)
    make_check_in(make_registration(other), happened_at=minutes(5))
    return event


def test_people_are_counted_once_where_and_when_they_came_first(event):
    assert get_day_figures(event) == (
        5,
        4,
        1,
        3,
        [("B", 2), ("", 1), ("A", 1)],
        [(minutes(0), 1), (minutes(15), 1), (minutes(45), 2)],
    )


def test_each_number_is_what_plain_sql_finds(event):
    seen = get_day_figures(event)
    expected = "SELECT count(*) FROM registrations_registration WHERE event_id = %(event)s AND status = 'confirmed'"
    walk_ins = f"SELECT count(DISTINCT registration_id) FROM {VALID} AND kind = 'in' AND method = 'walk_in'"  # noqa: S608
    assert ask(event, expected) == [(seen.expected,)]
    assert ask(event, f"SELECT count(*) FROM ({FIRST}) AS f") == [(seen.came,)]  # noqa: S608
    assert ask(event, walk_ins) == [(seen.walk_ins,)]
    assert ask(event, f"SELECT count(*) FROM ({LAST}) AS l WHERE kind = 'in'") == [(seen.inside,)]  # noqa: S608
    doors = f"SELECT coalesce(d.name, ''), count(*) FROM ({FIRST}) AS f LEFT JOIN attendance_door d ON d.id = f.door_id GROUP BY 1"  # noqa: E501, S608
    assert sorted(ask(event, doors)) == sorted(seen.by_door)
    quarters = f"SELECT to_timestamp(floor(extract(epoch FROM happened_at) / 900) * 900), count(*) FROM ({FIRST}) AS f GROUP BY 1"  # noqa: E501, S608
    assert sorted(ask(event, quarters)) == seen.by_quarter


def test_who_came_is_who_has_a_time_of_coming():
    event = make_event()
    phone = Phone(event, door=make_door(event))
    twice, undone, waiting = (make_registration(event, status) for status in ["confirmed", "confirmed", "waitlisted"])
    wrong = phone.record(undone)
    phone.sync(*(phone.record(one) for one in (twice, twice, waiting)), wrong)
    phone.sync(phone.record(kind="undo", undoes=wrong["id"]), phone.record("0" * 32))
    assert get_day_figures(event).came == event.registrations.exclude(checked_in_at=None).count() == 2


def test_practice_is_counted_apart(event):
    seen = get_day_figures(event, is_practice=True)
    assert (seen.came, seen.by_door, seen.by_quarter) == (1, [("A", 1)], [(minutes(0), 1)])


def test_who_was_undone_has_not_come(event):
    event.check_ins.filter(happened_at=minutes(59)).delete()
    assert get_day_figures(event).came == 3


def test_the_figures_cost_the_same_queries_whatever_the_size(event, django_assert_num_queries):
    with django_assert_num_queries(4):
        get_day_figures(event)


def test_nobody_has_come_yet():
    assert get_day_figures(make_event()) == (0, 0, 0, 0, [], [])
