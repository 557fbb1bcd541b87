"""Calendar entries: iCalendar files (RFC 5545), and links that add an event to calendars on the web."""

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

# SEQUENCE counts the seconds since then, so that newer files replace older ones without a stored counter.
SEQUENCE_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/deeplink/compose"
MICROSOFT_365 = "https://outlook.office.com/calendar/deeplink/compose"

# Longer URLs may be truncated or refused. The title and the place take at most MAX_PART_LENGTH each.
MAX_URL_LENGTH, MAX_PART_LENGTH = 1990, 500


def render_calendar(event: Event, *, url: str, method: str = PUBLISH, sent_before: int = 0) -> bytes:
    """Return the iCalendar file of `event` in the active language, with a link to the absolute `url`.

    Times include the event's zone and its daylight saving rules, so every calendar shows the right hour. The UID stays
    the same and the SEQUENCE increases, so a newer file replaces an older one; the method CANCEL removes the entry.
    `sent_before` is the number of files that the recipient already got, possibly within the same second.
    """
    now = timezone.now()
    entry = CalendarEvent.new(
        uid=event.calendar_uid,
        sequence=max(0, int((now - SEQUENCE_EPOCH).total_seconds())) + sent_before,
        stamp=now,
        last_modified=event.updated_at,
        status="CANCELLED" if method == CANCEL else "CONFIRMED",
        organizer=f"mailto:{event.contact_email}",
        start=event.starts_at.astimezone(event.zone),
        end=event.ends_at.astimezone(event.zone),
        summary=strip_control_characters(event.title),
        location=strip_control_characters(f"{event.venue.name}, {event.venue.address}"),
        description=strip_control_characters(f"{event.summary}\n\n{url}").strip(),
        url=url,
    )
    if event.venue.coordinates:
        entry.add("geo", event.venue.coordinates)
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_HOST}//conference registration//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(entry)
    # Rules of the years around the event are enough; all since 1970 would make the file ten times as large.
    year = timedelta(days=366)
    calendar.add_missing_timezones(event.starts_at.date() - year, event.ends_at.date() + year)
    return calendar.to_ical()


def strip_control_characters(text) -> str:
    """Remove control characters other than line breaks, as RFC 5545 does not allow them."""
    return "".join(letter for letter in str(text) if letter == "\n" or unicodedata.category(letter) != "Cc")


def calendar_links(event: Event) -> list[tuple[str, str]]:
    """Return the names of calendars on the web, each with a URL that adds `event`, in the active language.

    Each URL is shorter than 2,000 characters and contains only what the event's public page says.
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
    """Return the URL of `calendar` with these `params`, and the event's texts under the `names` that it uses."""
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
    """Truncate the text to `length` characters when encoded for a URL; a truncated text ends with an ellipsis."""
    lengths = list(accumulate(len(quote(letter, safe="")) for letter in text))
    if not lengths or lengths[-1] <= length:
        return text
    whole = bisect_right(lengths, length - len(quote("…")))
    return f"{text[:whole].rstrip()}…"
