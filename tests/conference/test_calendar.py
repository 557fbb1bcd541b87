from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.utils import translation

from conference.calendar import event_calendar
from tests.factories import make_event

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "offset"),
    [
        (datetime(2027, 9, 19, tzinfo=UTC), timedelta(hours=3)),
        (datetime(2027, 1, 19, tzinfo=UTC), timedelta(hours=2)),
        (datetime(2044, 7, 1, tzinfo=UTC), timedelta(hours=3)),  # past the end of 32-bit time
    ],
)
def test_the_hour_is_right_in_summer_and_in_winter(day, offset):
    starts_at = datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("Europe/Riga"))
    event = make_event(starts_at=starts_at, ends_at=starts_at + timedelta(hours=7))
    event.refresh_from_db()

    calendar = icalendar.Calendar.from_ical(event_calendar(event, url="https://example.org/"))

    (entry,) = calendar.walk("VEVENT")
    assert entry["DTSTART"].params["TZID"] == "Europe/Riga"
    assert entry["DTSTART"].dt.replace(tzinfo=None) == datetime(day.year, day.month, day.day, 10)  # noqa: DTZ001
    (zone,) = calendar.walk("VTIMEZONE")
    rules = zone.to_tz(lookup_tzid=False)
    assert entry["DTSTART"].dt.replace(tzinfo=rules).utcoffset() == offset


def test_it_says_what_where_and_keeps_its_identity():
    event = make_event(slug="libraries", title={"lv": "Bibliotēkas; mūžizglītība, visiem", "en": "Libraries"})
    with translation.override("lv"):
        calendar = icalendar.Calendar.from_ical(event_calendar(event, url="https://example.org/lv/libraries/"))
    (entry,) = calendar.walk("VEVENT")
    assert entry["SUMMARY"] == "Bibliotēkas; mūžizglītība, visiem"
    assert entry["LOCATION"] == "Latvijas Nacionālā bibliotēka, Mūkusalas iela 3, Rīga"
    assert entry["UID"] == str(event.calendar_uid)
    assert entry["URL"] == "https://example.org/lv/libraries/"
