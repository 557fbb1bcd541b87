"""An event's registrations in total, and day by day."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, F, Func, IntegerField, Value
from django.utils import timezone
from django.utils.formats import date_format

from conference.models import Event
from registrations.models import Registration

DAY, WEEK = timedelta(days=1), timedelta(days=7)
# Sign-ups from earlier than this many days before the event, or before today, are counted together.
DAYS_LOOKED_BACK = 500

Status = Registration.Status


class Period(NamedTuple):
    """A day or a week in the event's time zone: how many registered in it, and how many had by its end."""

    label: str
    new: int
    total: int
    filters: dict[str, str]


class Summary(NamedTuple):
    """The present numbers of an event. `days_left` is 0 on its first day and negative after it."""

    taken: int
    pending: int
    waiting: int
    cancelled: int
    new_today: int
    new_this_week: int
    days_left: int

    @property
    def people(self) -> int:
        """Everybody who has not cancelled."""
        return self.taken + self.waiting


def count_by_day(event: Event) -> Counter[tuple[str, date]]:
    """How many registered on each day in the event's time zone, by their present status. One query.

    Earlier registrations (see DAYS_LOOKED_BACK) count on the day before the first one.
    """
    last = get_today(event)
    first = min(last, event.starts_at.astimezone(event.zone).date()) - timedelta(days=DAYS_LOOKED_BACK)
    mornings = [get_midnight(event, first + timedelta(days=number)) for number in range((last - first).days + 1)]
    # Much faster than to convert each time to a date of the zone, and right where the clocks change.
    bucket = Func(
        F("created_at"),
        Value(mornings, output_field=ArrayField(DateTimeField())),
        function="width_bucket",
        output_field=IntegerField(),
    )
    rows = Registration.objects.filter(event=event).order_by().values_list("status", bucket).annotate(n=Count("*"))
    day_before = first - DAY
    return Counter({(status, day_before + timedelta(days=number)): count for status, number, count in rows})


def count_live_by_day(counts: Counter[tuple[str, date]]) -> Counter[date]:
    """How many of those who registered on each day have not cancelled."""
    found = Counter()
    for (status, day), number in counts.items():
        if status != Status.CANCELLED:
            found[day] += number
    return found


def summarize(event: Event, counts: Counter[tuple[str, date]] | None = None) -> Summary:
    """The present numbers of `event`. `counts` is what `count_by_day` returned, if it was called already."""
    counts = count_by_day(event) if counts is None else counts
    by_status = Counter()
    for (status, _day), number in counts.items():
        by_status[status] += number
    now = get_today(event)
    monday = now - timedelta(days=now.weekday())
    new = count_live_by_day(counts)
    return Summary(
        taken=by_status[Status.CONFIRMED] + by_status[Status.PENDING],
        pending=by_status[Status.PENDING],
        waiting=by_status[Status.WAITLISTED],
        cancelled=by_status[Status.CANCELLED],
        new_today=new[now],
        new_this_week=sum(number for day, number in new.items() if day >= monday),
        days_left=(event.starts_at.astimezone(event.zone).date() - now).days,
    )


def get_periods(event: Event, days: list[tuple[date, int]], length: timedelta) -> Iterator[Period]:
    """From the first day with sign-ups to the last, in periods of `length`; weeks start on Monday."""
    if not days:
        return
    start, total, numbers = days[0][0], 0, dict(days)
    if length == WEEK:
        start -= timedelta(days=start.weekday())
    while start <= days[-1][0]:
        end = start + length
        new = sum(numbers.get(start + timedelta(days=n), 0) for n in range(length.days))
        total += new
        filters = {
            "created_at__gte": get_midnight(event, start).isoformat(" "),
            "created_at__lt": get_midnight(event, end).isoformat(" "),
        }
        yield Period(date_format(start, "SHORT_DATE_FORMAT"), new, total, filters)
        start = end


def get_today(event: Event) -> date:
    return timezone.localdate(timezone=event.zone)


def get_midnight(event: Event, day: date) -> datetime:
    """When `day` begins in the event's time zone."""
    return datetime.combine(day, time(), tzinfo=event.zone)
