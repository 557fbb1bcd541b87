"""Dates in sentences after “until” or “by”, where some languages decline the month."""

from datetime import datetime

from django.utils.translation import pgettext, pgettext_lazy

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


def format_deadline(moment: datetime | None) -> str:
    """Return `moment`, in its own time zone, for use after “until” or “by”; an empty string for None."""
    if not moment:
        return ""
    parts = {"day": moment.day, "month": MONTHS[moment.month - 1], "year": moment.year, "time": f"{moment:%H:%M}"}
    return pgettext("after “until”", "%(day)s %(month)s %(year)s, %(time)s") % parts
