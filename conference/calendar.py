"""Calendar entries: iCalendar files (RFC 5545), and links that add an event to calendars on the web."""

import unicodedata
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.models import Event
from conference.site_urls import absolute_url

PUBLISH, CANCEL = "PUBLISH", "CANCEL"

# SEQUENCE counts the seconds since then, so that newer files replace older ones without a stored counter.
SEQUENCE_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
# Rules of the years around the event are enough; all since 1970 would make the file ten times as large.
YEAR = timedelta(days=366)
GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/deeplink/compose"
MICROSOFT_365 = "https://outlook.office.com/calendar/deeplink/compose"

# Longer URLs may be truncated or refused. The title and the place take at most MAX_PART_LENGTH each.
MAX_URL_LENGTH, MAX_PART_LENGTH = 1990, 500


def render_calendar(event: Event, *, url: str, method: str = PUBLISH, sent_before: int = 0) -> bytes:
    """Return the iCalendar file of `event` in the active language; with the method CANCEL, it removes the entry.

    Who subscribed to the file of an event that was cancelled keeps the entry, and reads that it is cancelled.

    `sent_before` is the number of files that the recipient already got, possibly within the same second.
    """
    import icalendar  # few requests need it, and it is large

    now = timezone.now()
    entry = icalendar.Event.new(
        uid=event.calendar_uid,
        sequence=max(0, int((now - SEQUENCE_EPOCH).total_seconds())) + sent_before,
        stamp=now,
        last_modified=event.updated_at,
        status="CANCELLED" if event.is_cancelled or method == CANCEL else "CONFIRMED",
        organizer=f"mailto:{event.contact_email}",
        start=event.starts_at.astimezone(event.zone),
        end=event.ends_at.astimezone(event.zone),
        summary=strip_control_characters(get_calendar_title(event)),
        location=strip_control_characters(f"{event.venue.name}, {event.venue.address}"),
        description=strip_control_characters(f"{event.summary}\n\n{url}").strip(),
        url=url,
    )
    if event.venue.coordinates:
        entry.add("geo", event.venue.coordinates)
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//{settings.SITE_HOST}//conference registration//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(entry)
    calendar.add_missing_timezones(event.starts_at.date() - YEAR, event.ends_at.date() + YEAR)
    return calendar.to_ical()


def get_calendar_title(event: Event) -> str:
    return _("Cancelled: %(event)s") % {"event": event.title} if event.is_cancelled else str(event.title)


def strip_control_characters(text) -> str:
    """Remove control characters other than line breaks, as RFC 5545 does not allow them."""
    return "".join(letter for letter in str(text) if letter == "\n" or unicodedata.category(letter) != "Cc")


def calendar_links(event: Event) -> list[tuple[str, str]]:
    """Return names of web calendars with URLs below 2,000 characters, of public facts only, that add `event` there."""
    starts, ends = event.starts_at.astimezone(UTC), event.ends_at.astimezone(UTC)
    google = {"action": "TEMPLATE", "dates": f"{starts:%Y%m%dT%H%M%SZ}/{ends:%Y%m%dT%H%M%SZ}"}
    outlook = {"path": "/calendar/action/compose", "rru": "addevent"}
    outlook |= {"startdt": f"{starts:%Y-%m-%dT%H:%M:%SZ}", "enddt": f"{ends:%Y-%m-%dT%H:%M:%SZ}"}
    return [
        (_("Google Calendar"), build_link(event, GOOGLE, google, title="text", details="details")),
        ("Outlook.com", build_link(event, OUTLOOK, outlook, title="subject", details="body")),
        ("Microsoft 365", build_link(event, MICROSOFT_365, outlook, title="subject", details="body")),
    ]


def build_link(event: Event, calendar: str, params: dict, *, title: str, details: str) -> str:
    """Return the URL of `calendar` with `params`; `title` and `details` are its names of the event's texts."""
    place = strip_control_characters(f"{event.venue.name}, {event.venue.address}")
    texts = {
        title: truncate_encoded(strip_control_characters(event.title), MAX_PART_LENGTH),
        "location": truncate_encoded(place, MAX_PART_LENGTH),
    }
    address = f"{calendar}?{urlencode({**params, **texts}, quote_via=quote)}&{details}="
    page = absolute_url(event.get_absolute_url())
    left = MAX_URL_LENGTH - len(address) - len(quote(f"\n\n{page}", safe=""))
    summary = truncate_encoded(strip_control_characters(event.summary), left)
    return address + quote(f"{summary}\n\n{page}".strip(), safe="")


def truncate_encoded(text: str, length: int) -> str:
    """Truncate the text to `length` characters when encoded for a URL; a truncated text ends with an ellipsis."""
    lengths = list(accumulate(len(quote(letter, safe="")) for letter in text))
    if not lengths or lengths[-1] <= length:
        return text
    whole = bisect_right(lengths, length - len(quote("…")))
    return f"{text[:whole].rstrip()}…"
