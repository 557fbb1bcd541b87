"""An event for people's calendars: as an iCalendar file (RFC 5545), and as links that open a calendar on the web."""

import unicodedata
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from conference.addresses import absolute_url
from conference.models import Event

CONTENT_TYPE = "text/calendar; charset=utf-8"
PUBLISH, CANCEL = "PUBLISH", "CANCEL"

# SEQUENCE is the seconds from here to when a file is made: a later one replaces an earlier, and nothing is stored.
SEQUENCE_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/deeplink/compose"
MICROSOFT_365 = "https://outlook.office.com/calendar/deeplink/compose"

# Longer addresses are cut off, or refused, on their way. The title and the place take at most so much of it each.
MAX_URL_LENGTH, MAX_PART_LENGTH = 1990, 500


def render_calendar(event: Event, *, url: str, method: str = PUBLISH, sent_before: int = 0) -> bytes:
    """The calendar file of `event` in the active language, linking to the absolute address `url`.

    Times carry the event's zone together with its daylight saving rules, so that every calendar shows the
    right hour wherever it is opened. The UID stays the same and the SEQUENCE rises, so a newer file replaces
    an older one; with the method CANCEL it takes the entry out of the calendar again. `sent_before` is how many
    the reader was sent already, which may have been within the same second.
    """
    now = timezone.now()
    entry = CalendarEvent()
    entry.add("uid", str(event.calendar_uid))
    entry.add("sequence", max(0, int((now - SEQUENCE_EPOCH).total_seconds())) + sent_before)
    entry.add("dtstamp", now)
    entry.add("last-modified", event.updated_at)
    entry.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    entry.add("organizer", f"mailto:{event.contact_email}")
    entry.add("dtstart", event.starts_at.astimezone(event.zone))
    entry.add("dtend", event.ends_at.astimezone(event.zone))
    entry.add("summary", strip_control_characters(event.title))
    entry.add("location", strip_control_characters(f"{event.venue.name}, {event.venue.address}"))
    entry.add("description", strip_control_characters(f"{event.summary}\n\n{url}").strip())
    entry.add("url", url)
    if event.venue.latitude is not None and event.venue.longitude is not None:
        entry.add("geo", (event.venue.latitude, event.venue.longitude))

    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_HOST}//conference registration//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(entry)
    # The rules of the years around it are enough; those since 1970 would make the file ten times as large.
    year = timedelta(days=366)
    calendar.add_missing_timezones(event.starts_at.date() - year, event.ends_at.date() + year)
    return calendar.to_ical()


def strip_control_characters(text) -> str:
    """The text without control characters, which RFC 5545 does not allow, but with its line breaks."""
    return "".join(letter for letter in str(text) if letter == "\n" or unicodedata.category(letter) != "Cc")


def calendar_links(event: Event) -> list[tuple[str, str]]:
    """Names of calendars on the web, each with the address where `event` is a new entry, in the active language.

    Each is shorter than 2,000 characters and has nothing in it but what the event's public page says.
    """
    return [
        (_("Google Calendar"), build_google_link(event)),
        ("Outlook.com", build_outlook_link(event, OUTLOOK)),
        ("Microsoft 365", build_outlook_link(event, MICROSOFT_365)),
    ]


def build_google_link(event: Event) -> str:
    starts, ends = (f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" for moment in (event.starts_at, event.ends_at))
    names = {"title": "text", "place": "location", "details": "details"}
    return build_link(event, GOOGLE, {"action": "TEMPLATE", "dates": f"{starts}/{ends}"}, names)


def build_outlook_link(event: Event, calendar: str) -> str:
    starts, ends = (f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for moment in (event.starts_at, event.ends_at))
    params = {"path": "/calendar/action/compose", "rru": "addevent", "startdt": starts, "enddt": ends}
    return build_link(event, calendar, params, {"title": "subject", "place": "location", "details": "body"})


def build_link(event: Event, calendar: str, params: dict, names: dict) -> str:
    """The address of `calendar` with what is `asked` of it and the event's texts under the `names` it has for them."""
    texts = {
        names["title"]: truncate_encoded(strip_control_characters(event.title), MAX_PART_LENGTH),
        names["place"]: truncate_encoded(
            strip_control_characters(f"{event.venue.name}, {event.venue.address}"), MAX_PART_LENGTH
        ),
    }
    address = f"{calendar}?{urlencode({**params, **texts}, quote_via=quote)}&{names['details']}="
    page = absolute_url(event.get_absolute_url())
    left = MAX_URL_LENGTH - len(address) - len(quote(f"\n\n{page}", safe=""))
    details = f"{truncate_encoded(strip_control_characters(event.summary), left)}\n\n{page}".strip()
    return address + quote(details, safe="")


def truncate_encoded(text: str, length: int) -> str:
    """As much of the text as is at most `length` characters long in an address; a cut one ends with an ellipsis."""
    lengths = list(accumulate(len(quote(letter, safe="")) for letter in text))
    if not lengths or lengths[-1] <= length:
        return text
    whole = bisect_right(lengths, length - len(quote("…")))
    return f"{text[:whole].rstrip()}…"
