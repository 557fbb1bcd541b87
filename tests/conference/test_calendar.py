import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.conf import settings
from django.utils import timezone, translation

from conference.calendar import calendar_links, render_calendar, truncate_encoded
from tests.factories import make_event, make_registration

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

    calendar = icalendar.Calendar.from_ical(render_calendar(event, url="https://example.org/"))

    (entry,) = calendar.walk("VEVENT")
    assert entry["DTSTART"].params["TZID"] == "Europe/Riga"
    assert entry["DTSTART"].dt.replace(tzinfo=None) == datetime(day.year, day.month, day.day, 10)  # noqa: DTZ001
    (zone,) = calendar.walk("VTIMEZONE")
    rules = zone.to_tz(lookup_tzid=False)
    assert entry["DTSTART"].dt.replace(tzinfo=rules).utcoffset() == offset


def test_it_says_what_where_and_keeps_its_identity():
    event = make_event(slug="libraries", title={"lv": "Bibliotēkas; mūžizglītība, visiem", "en": "Libraries"})
    with translation.override("lv"):
        calendar = icalendar.Calendar.from_ical(render_calendar(event, url="https://example.org/lv/libraries/"))
    (entry,) = calendar.walk("VEVENT")
    assert entry["SUMMARY"] == "Bibliotēkas; mūžizglītība, visiem"
    assert entry["LOCATION"] == "Latvijas Nacionālā bibliotēka, Mūkusalas iela 3, Rīga"
    assert entry["UID"] == str(event.calendar_uid)
    assert entry["URL"] == "https://example.org/lv/libraries/"


def read_link(address: str) -> tuple[str, dict]:
    """Which page a link opens, and what it tells it."""
    page, _question_mark, query = address.partition("?")
    told = parse_qs(query, strict_parsing=True, keep_blank_values=True)
    return page, {name: value for name, (value,) in told.items()}


def test_the_links_open_web_calendars_with_the_right_hour_place_and_page(settings):
    settings.SITE_URL = "https://conference.example.org"
    event = make_event(
        slug="libraries",
        title={"lv": "Bibliotēkas & mūžizglītība", "en": "Libraries & learning"},
        summary={"lv": "Īsumā: 100 % + kafija.", "en": "In short."},
        starts_at=datetime(2027, 9, 19, 10, tzinfo=ZoneInfo("Europe/Riga")),
    )
    with translation.override("lv"):
        links = calendar_links(event)
    assert [name for name, _address in links][1:] == ["Outlook.com", "Microsoft 365"]
    google, outlook, at_work = (read_link(address) for _name, address in links)
    place = "Latvijas Nacionālā bibliotēka, Mūkusalas iela 3, Rīga"
    details = "Īsumā: 100 % + kafija.\n\nhttps://conference.example.org/lv/libraries/"
    assert google == (
        "https://calendar.google.com/calendar/render",
        {
            "action": "TEMPLATE",
            "dates": "20270919T070000Z/20270919T140000Z",
            "text": "Bibliotēkas & mūžizglītība",
            "location": place,
            "details": details,
        },
    )
    expected = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "startdt": "2027-09-19T07:00:00Z",
        "enddt": "2027-09-19T14:00:00Z",
        "subject": "Bibliotēkas & mūžizglītība",
        "location": place,
        "body": details,
    }
    assert outlook == ("https://outlook.live.com/calendar/deeplink/compose", expected)
    assert at_work == ("https://outlook.office.com/calendar/deeplink/compose", expected)
    assert all("+" not in address for _name, address in links)  # some calendars show it instead of a space


def test_without_a_summary_the_links_tell_the_page_alone(settings):
    settings.SITE_URL = "https://conference.example.org"
    event = make_event(slug="libraries")
    _page, told = read_link(calendar_links(event)[0][1])
    assert told["details"] == "https://conference.example.org/en/libraries/"


@pytest.mark.parametrize("text", ["ā", "🎉", "a b ", "%", "garumzīmēm "])
def test_long_texts_are_cut_and_the_page_is_told_whole(text):
    event = make_event(slug="a" * 50, title=text * 400, summary=text * 30_000)
    event.venue.name = text * 400
    for _name, address in calendar_links(event):
        assert 1900 < len(address) < 2000
        _page, told = read_link(address)
        details = told.get("details") or told["body"]
        assert details.endswith(f"…\n\n{settings.SITE_URL}/en/{event.slug}/")
        title = told.get("text") or told["subject"]
        assert title.endswith("…")
        assert (text * 400).startswith(title[:-1])


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [("", 9, ""), ("abc", 3, "abc"), ("abcd", 3, "…"), ("abcdefghijkl", 11, "ab…"), ("a bcdefghijk", 13, "a…")],
)
def test_a_text_is_cut_to_what_fits_into_an_address(text, length, expected):
    assert truncate_encoded(text, length) == expected


def test_the_pages_offer_every_calendar_and_send_nothing_of_the_person_there(client):
    event = make_event()
    registration = make_registration(event, first_name="Ruta", last_name="Zaļā", email="ruta@example.lv")
    public = client.get(f"/en/{event.slug}/").content.decode()
    personal = client.get(registration.manage_path).content.decode()
    for content in (public, personal):
        links = re.findall(r'<a href="(https://(?:calendar|outlook)[^"]+)" rel="noreferrer">', content)
        assert [unescape(link) for link in links] == [address for _name, address in calendar_links(event)]
    assert f'<a href="/en/{event.slug}/calendar.ics">' in public
    assert f'<a href="{registration.manage_path}calendar.ics">' in personal


@pytest.mark.parametrize(("days", "offered"), [(30, True), (-30, False)])
def test_only_what_is_still_to_come_is_offered_for_the_calendar(client, days, offered):
    event = make_event(starts_at=timezone.now() + timedelta(days=days))
    assert ("Add to calendar" in client.get(f"/en/{event.slug}/").content.decode()) is offered
