from datetime import timedelta

import pytest
from django.utils import timezone

from registrations.availability import PlaceCounts, count_places
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [1, 3, 300])
def test_places_and_waiting_list_are_counted_in_one_query(number, django_assert_num_queries):
    event, other = make_event(capacity=1000), make_event()
    for status in ("confirmed", "waitlisted", "cancelled"):
        for _one in range(number):
            make_registration(event, status)
    make_registration(other, "waitlisted")
    with django_assert_num_queries(1):
        assert count_places(event) == PlaceCounts(free=1000 - number, waiting=number, expired=0)


def test_a_hold_counts_until_it_has_expired():
    now = timezone.now()
    event = make_event(capacity=5)
    make_registration(event, "confirmed")
    for minutes in (-1, 0, 1):
        make_registration(event, "pending", hold_until=now + timedelta(minutes=minutes))
    make_registration(event, "cancelled", hold_until=now - timedelta(minutes=1))
    assert count_places(event, now) == PlaceCounts(free=3, waiting=0, expired=2)
    assert count_places(event, now + timedelta(minutes=1)) == PlaceCounts(free=4, waiting=0, expired=3)


def test_an_overbooked_event_has_no_free_places_and_without_a_limit_nobody_counts():
    event = make_event(capacity=1)
    for _one in range(2):
        make_registration(event, "confirmed")
    assert count_places(event) == PlaceCounts(free=0, waiting=0)
    assert count_places(make_event(capacity=None)) == PlaceCounts(free=None, waiting=0)
