"""An event as an iCalendar file (RFC 5545) that calendars on phones and desktops open."""

import unicodedata
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from conference.models import Event

CONTENT_TYPE = "text/calendar; charset=utf-8"


def event_calendar(event: Event, *, url: str) -> bytes:
    """The calendar file of `event` in the active language, linking to the absolute address `url`.

    Times carry the event's zone together with its daylight saving rules, so that every calendar
    shows the right hour wherever it is opened. The UID stays the same, so a newer file replaces an older one.
    """
    entry = CalendarEvent()
    entry.add("uid", f"{event.slug}@{settings.SITE_HOST}")
    entry.add("dtstamp", timezone.now())
    entry.add("last-modified", event.updated_at)
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
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    # The rules of the years around it are enough; those since 1970 would make the file ten times as large.
    year = timedelta(days=366)
    calendar.add_missing_timezones(event.starts_at.date() - year, event.ends_at.date() + year)
    return calendar.to_ical()


def printable(text) -> str:
    """The text without control characters, which RFC 5545 does not allow, but with its line breaks."""
    return "".join(letter for letter in str(text) if letter == "\n" or unicodedata.category(letter) != "Cc")
