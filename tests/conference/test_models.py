from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone, translation

from conference.models import AccessibilityStatement, Event, validate_static_file
from tests.factories import make_event, make_statement, make_venue

pytestmark = pytest.mark.django_db


def test_the_next_event_comes_first_and_past_ones_are_listed_apart():
    now = timezone.now()
    later = make_event(starts_at=now + timedelta(days=60))
    sooner = make_event(starts_at=now + timedelta(days=5))
    over = make_event(starts_at=now - timedelta(days=5))
    assert list(Event.objects.upcoming()) == [sooner, later]
    assert list(Event.objects.past()) == [over]


def test_an_event_under_way_has_not_ended():
    event = make_event(starts_at=timezone.now() - timedelta(hours=1))
    assert event.has_started
    assert not event.has_ended
    assert list(Event.objects.upcoming()) == [event]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("lv", "svētdiena, 2027. gada 19. septembris, 10:00–17:00 (pēc Rīgas laika)"),
        ("en", "Sunday, 19 September 2027, 10:00–17:00 (Riga time)"),
    ],
)
def test_when_is_told_by_the_clock_of_the_place(language, expected):
    event = make_event(starts_at=datetime(2027, 9, 19, 7, tzinfo=UTC), ends_at=datetime(2027, 9, 19, 14, tzinfo=UTC))
    with translation.override(language):
        assert event.when == expected


def test_when_names_both_days_of_a_longer_event():
    event = make_event(starts_at=datetime(2027, 9, 19, 7, tzinfo=UTC), ends_at=datetime(2027, 9, 20, 14, tzinfo=UTC))
    with translation.override("en"):
        expected = "Sunday, 19 September 2027, 10:00 – Monday, 20 September 2027, 17:00 (Riga time)"
        assert event.when == expected


def test_an_event_that_ends_before_it_starts_is_refused_by_the_database():
    now = timezone.now()
    with pytest.raises(IntegrityError, match="event_ends_after_it_starts"):
        make_event(starts_at=now, ends_at=now - timedelta(hours=1))


def test_registration_that_closes_before_it_opens_is_refused_by_the_database():
    now = timezone.now()
    with pytest.raises(IntegrityError, match="event_registration_closes_after_it_opens"):
        make_event(registration_opens_at=now, registration_closes_at=now - timedelta(hours=1))


@pytest.mark.parametrize("slug", ["r", "find", "accessibility"])
def test_an_event_cannot_take_the_address_of_a_page(slug):
    event = make_event(slug=slug)
    with pytest.raises(ValidationError, match="address of another page"):
        event.full_clean()


def test_a_time_zone_that_does_not_exist_is_refused():
    event = make_event(time_zone="Europe/Rīga")
    with pytest.raises(ValidationError, match="is not a time zone"):
        event.full_clean()


def test_the_map_link_needs_coordinates():
    venue = make_venue()
    assert venue.map_url == "https://www.openstreetmap.org/?mlat=56.9407&mlon=24.0969#map=17/56.9407/24.0969"
    venue.latitude = None
    assert venue.map_url == ""


def test_registration_closes_when_the_event_starts_unless_told_otherwise():
    event = make_event(starts_at=timezone.now() + timedelta(minutes=1))
    assert not event.has_registration_closed
    event.starts_at = timezone.now()
    assert event.has_registration_closed


@pytest.mark.parametrize(
    "path", ["img", "nothing.svg", "./img/eu-emblem.svg", "img//eu-emblem.svg", "../manage.py", "/etc/passwd"]
)
def test_a_logo_that_pages_could_not_show_is_refused(path):
    with pytest.raises(ValidationError, match="There is no file"):
        validate_static_file(path)


def test_a_logo_is_one_of_the_sites_files():
    validate_static_file("img/eu-emblem.svg")


@pytest.mark.parametrize("year", [1, 1999, 2101, 9999])
def test_a_year_that_calendars_do_not_reach_is_refused(year):
    event = make_event()
    event.ends_at = datetime(year, 12, 31, 12, tzinfo=UTC)
    with pytest.raises(ValidationError) as refusal:
        event.full_clean()
    assert "ends_at" in refusal.value.message_dict


def test_the_machines_own_time_zone_is_refused():
    event = make_event(time_zone="Europe/Riga")
    event.time_zone = "localtime"
    with pytest.raises(ValidationError, match="is not a time zone"):
        event.full_clean()


@pytest.mark.parametrize("status", ["partial", "none"])
@pytest.mark.parametrize("nothing", ["", {}, {"lv": "", "en": ""}])
def test_what_is_not_accessible_must_be_said_unless_nothing_is(status, nothing):
    statement = make_statement(status="full", not_accessible=nothing)
    statement.full_clean()
    statement.status = status
    with pytest.raises(ValidationError) as refusal:
        statement.full_clean()
    said = "Say what is not accessible and why, unless the site is fully compliant."
    assert refusal.value.message_dict == {"not_accessible": [said]}
    with pytest.raises(IntegrityError, match="accessibility_statement_says_what_is_not_accessible"):
        statement.save()


def test_a_statement_is_not_reviewed_before_it_is_prepared_nor_in_the_future():
    statement, today = make_statement(), timezone.localdate()
    statement.prepared_on = today + timedelta(days=1)
    with pytest.raises(ValidationError, match="The review date cannot be earlier than the preparation date"):
        statement.full_clean()
    statement.reviewed_on = today + timedelta(days=1)
    with pytest.raises(ValidationError, match="This date is in the future"):
        statement.full_clean()


def test_there_is_one_statement():
    make_statement()
    with pytest.raises(IntegrityError):
        AccessibilityStatement(id=2, status="full").save()
