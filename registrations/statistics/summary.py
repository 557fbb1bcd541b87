"""How an event stands, and how it came to that day by day."""

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
# Sign-ups of more days than this are told by the week.
MAX_DAYS_SHOWN_SINGLY = 100
# Who signed up before the last so many days before the event, or before today, is told in one sum.
DAYS_LOOKED_BACK = 500

Status = Registration.Status


class Period(NamedTuple):
    """A day or a week by the event's clock: how many signed up in it, and how many had by its end."""

    label: str
    new: int
    total: int
    filters: dict[str, str]


class Summary(NamedTuple):
    """How an event stands now. `days_left` is 0 on its first day and negative after it."""

    taken: int
    pending: int
    waiting: int
    cancelled: int
    new_today: int
    new_this_week: int
    days_left: int

    @property
    def people(self) -> int:
        """All whose registration stands."""
        return self.taken + self.waiting


def count_by_day(event: Event) -> Counter[tuple[str, date]]:
    """How many signed up on each day by the event's clock, by their status now. One query.

    Whoever did before all days that are looked at counts on the eve of the first.
    """
    last = get_today(event)
    first = min(last, event.starts_at.astimezone(event.zone).date()) - timedelta(days=DAYS_LOOKED_BACK)
    mornings = [get_midnight(event, first + timedelta(days=number)) for number in range((last - first).days + 1)]
    # Much faster than to turn each moment into a date of the zone, and right where the clocks change.
    bucket = Func(
        F("created_at"),
        Value(mornings, output_field=ArrayField(DateTimeField())),
        function="width_bucket",
        output_field=IntegerField(),
    )
    rows = Registration.objects.filter(event=event).order_by().values_list("status", bucket)
    eve = first - DAY
    return Counter({(status, eve + timedelta(days=n)): number for status, n, number in rows.annotate(n=Count("*"))})


def count_live_by_day(counts: Counter[tuple[str, date]]) -> Counter[date]:
    """How many of those who signed up on each day have not cancelled."""
    found = Counter()
    for (status, day), number in counts.items():
        if status != Status.CANCELLED:
            found[day] += number
    return found


def summarize(event: Event, counts: Counter[tuple[str, date]] | None = None) -> Summary:
    """How `event` stands now. Counts unless given what `daily` counted. Weeks start on Monday."""
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
    """The days with sign-ups, and those between them, in stretches of `length`; weeks start on Monday."""
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
    """When `day` begins by the event's clock."""
    return datetime.combine(day, time(), tzinfo=event.zone)
