"""What follows from an event's times: its date in words, and what has begun or is over."""

import zoneinfo
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

# How people name the time where conferences are likely to be; other time zones go by their identifiers.
TIME_ZONE_NAMES = {
    "Europe/Riga": _("Riga time"),
    "Europe/Tallinn": _("Tallinn time"),
    "Europe/Vilnius": _("Vilnius time"),
    "Europe/Helsinki": _("Helsinki time"),
    "Europe/Stockholm": _("Stockholm time"),
    "Europe/Warsaw": _("Warsaw time"),
    "Europe/Berlin": _("Berlin time"),
    "Europe/Brussels": _("Brussels time"),
}


class EventTimes:
    """For Event, which has the fields."""

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def when(self) -> str:
        """Weekday, date and hours in the active language and in the event's time zone."""
        starts, ends = (moment.astimezone(self.zone) for moment in (self.starts_at, self.ends_at))
        first_day, last_day = (f"{date_format(day, 'l')}, {date_format(day, 'DATE_FORMAT')}" for day in (starts, ends))
        until = "–" if starts.date() == ends.date() else f" – {last_day}, "
        zone = TIME_ZONE_NAMES.get(self.time_zone, self.time_zone)
        return f"{first_day}, {starts:%H:%M}{until}{ends:%H:%M} ({zone})"

    @property
    def has_started(self) -> bool:
        return timezone.now() >= self.starts_at

    @property
    def has_ended(self) -> bool:
        return timezone.now() >= self.ends_at

    @property
    def is_coming(self) -> bool:
        """Whether it is still to come, or in progress."""
        return not (self.is_cancelled or self.has_ended)

    @property
    def has_registration_opened(self) -> bool:
        return self.registration_opens_at is None or timezone.now() >= self.registration_opens_at

    @property
    def has_registration_closed(self) -> bool:
        return timezone.now() >= (self.registration_closes_at or self.starts_at)

    @property
    def change_deadline(self) -> datetime:
        """Until when (UTC) attendees can change their data; at most the event's end."""
        return min(self.changes_until or self.registration_closes_at or self.starts_at, self.ends_at)

    @property
    def has_change_deadline_passed(self) -> bool:
        return timezone.now() >= self.change_deadline
