"""An event as an iCalendar file (RFC 5545) that calendars on phones and desktops open."""

import unicodedata
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from conference.models import Event

CONTENT_TYPE = "text/calendar; charset=utf-8"
PUBLISH, CANCEL = "PUBLISH", "CANCEL"

# SEQUENCE is counted in seconds from here: it rises with every change, and nothing has to be stored for it.
SEQUENCE_STARTS = datetime(2026, 1, 1, tzinfo=UTC)


def event_calendar(event: Event, *, url: str, method: str = PUBLISH, changed_at: datetime | None = None) -> bytes:
    """The calendar file of `event` in the active language, linking to the absolute address `url`.

    Times carry the event's zone together with its daylight saving rules, so that every calendar shows the
    right hour wherever it is opened. The UID stays the same and the SEQUENCE rises, so a newer file replaces
    an older one; with the method CANCEL it takes the entry out of the calendar again. `changed_at` (UTC) is
    when something about the reader's own place changed, if that was later than the event's last change.
    """
    changed_at = max(event.updated_at, changed_at or event.updated_at)
    entry = CalendarEvent()
    entry.add("uid", str(event.calendar_uid))
    entry.add("sequence", max(0, int((changed_at - SEQUENCE_STARTS).total_seconds())))
    entry.add("dtstamp", timezone.now())
    entry.add("last-modified", changed_at)
    entry.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    entry.add("organizer", f"mailto:{event.contact_email}")
    entry.add("dtstart", event.starts_at.astimezone(event.zone))
    entry.add("dtend", event.ends_at.astimezone(event.zone))
    entry.add("summary", printable(event.title))
    entry.add("location", printable(f"{event.venue.name}, {event.venue.address}"))
    entry.add("description", printable(f"{event.summary}\n\n{url}").strip())
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


def printable(text) -> str:
    """The text without control characters, which RFC 5545 does not allow, but with its line breaks."""
    return "".join(letter for letter in str(text) if letter == "\n" or unicodedata.category(letter) != "Cc")
