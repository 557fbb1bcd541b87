"""Local times: reading them from forms, shifting them across summer time, and writing them as deadlines."""

import zoneinfo
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.forms import SplitDateTimeField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

# In sentences after “until” or “by”, where some languages decline the month.
MONTHS = [
    pgettext_lazy("after “until”", "January"),
    pgettext_lazy("after “until”", "February"),
    pgettext_lazy("after “until”", "March"),
    pgettext_lazy("after “until”", "April"),
    pgettext_lazy("after “until”", "May"),
    pgettext_lazy("after “until”", "June"),
    pgettext_lazy("after “until”", "July"),
    pgettext_lazy("after “until”", "August"),
    pgettext_lazy("after “until”", "September"),
    pgettext_lazy("after “until”", "October"),
    pgettext_lazy("after “until”", "November"),
    pgettext_lazy("after “until”", "December"),
]


def localize(moment: datetime, zone: zoneinfo.ZoneInfo) -> datetime:
    """Return the naive `moment` in `zone`. Raises ValidationError if the clocks skip it or show it twice."""
    first, second = moment.replace(tzinfo=zone), moment.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    text = _("%(time)s occurs twice on that day in %(zone)s: the clocks go back. Please choose another time.")
    if first.utcoffset() < second.utcoffset():
        text = _("%(time)s does not exist on that day in %(zone)s: the clocks go forward. Please choose another time.")
    raise ValidationError(text, params={"time": f"{moment:%H:%M}", "zone": zone})


def shift(moment: datetime | None, by: timedelta, zone: zoneinfo.ZoneInfo) -> datetime | None:
    """Return `moment`, in UTC, shifted by `by` on the clocks of `zone`. An hour that they skip becomes the next one."""
    if moment is None:
        return None
    shown = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    return (shown + by).replace(tzinfo=zone).astimezone(UTC)


INVALID_DATE = gettext_lazy("Please enter the date as 2027-06-10 or as 10.06.2027.")


class LocalDateTimeField(SplitDateTimeField):
    """A day and a time of day by the clocks of the active time zone."""

    default_error_messages = {
        "invalid_date": INVALID_DATE,
        "invalid_time": gettext_lazy("Please enter the time of day as 14:30."),
    }

    def compress(self, data_list):
        if data_list and None not in data_list and "" not in data_list:
            localize(datetime.combine(*data_list), timezone.get_current_timezone())
        return super().compress(data_list)


def format_deadline(moment: datetime | None) -> str:
    """Return `moment`, in its own time zone, for use after “until” or “by”; an empty string for None."""
    if not moment:
        return ""
    parts = {"day": moment.day, "month": MONTHS[moment.month - 1], "year": moment.year, "time": f"{moment:%H:%M}"}
    return pgettext("after “until”", "%(day)s %(month)s %(year)s, %(time)s") % parts
