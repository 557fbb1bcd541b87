"""Everything that is counted for an event, as its overview shows it: in total, day by day, and as charts."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import Count, DateTimeField, F, Func, IntegerField, Value
from django.utils import timezone
from django.utils.formats import date_format

from conference.models import Event
from registrations.models import Registration
from registrations.statistics.charts import Chart, get_charts

DAY, WEEK = timedelta(days=1), timedelta(days=7)
# Sign-ups from earlier than this many days before the event, or before today, are counted together.
DAYS_LOOKED_BACK = 500
# Sign-ups over more days than this are shown by the week.
MAX_DAYS_SHOWN_SINGLY = 100

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
    def confirmed(self) -> int:
        return self.taken - self.pending

    @property
    def people(self) -> int:
        """Everybody who has not cancelled."""
        return self.taken + self.waiting


class Overview(NamedTuple):
    summary: Summary
    is_weekly: bool
    periods: list[Period]
    charts: list[Chart]


def get_overview(event: Event, *, with_internal: bool) -> Overview:
    """The overview of `event`; `with_internal`, also of the questions that only organisers see."""
    with transaction.atomic(), connection.cursor() as cursor:
        # With less, the database sorts the rows on disk instead of counting them in memory.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        by_status, by_day = count_registrations(event)
        summary = summarize(event, (by_status, by_day))
        is_weekly = bool(by_day) and (max(by_day) - min(by_day)).days >= MAX_DAYS_SHOWN_SINGLY
        periods = list(get_periods(event, by_day, WEEK if is_weekly else DAY))
        charts = get_charts(event, summary.people, with_internal=with_internal)
        return Overview(summary, is_weekly, periods, charts)


def summarize(event: Event, counts: tuple[Counter[str], Counter[date]] | None = None) -> Summary:
    """The present numbers of `event`. `counts` is what `count_registrations` returned, if it was called already."""
    by_status, by_day = counts or count_registrations(event)
    today = timezone.localdate(timezone=event.zone)
    monday = today - timedelta(days=today.weekday())
    return Summary(
        taken=by_status[Status.CONFIRMED] + by_status[Status.PENDING],
        pending=by_status[Status.PENDING],
        waiting=by_status[Status.WAITLISTED],
        cancelled=by_status[Status.CANCELLED],
        new_today=by_day[today],
        new_this_week=sum(number for day, number in by_day.items() if day >= monday),
        days_left=(timezone.localdate(event.starts_at, event.zone) - today).days,
    )


def count_registrations(event: Event) -> tuple[Counter[str], Counter[date]]:
    """How many have each status now, and how many of the live ones registered on each day of the event's time zone.

    Earlier registrations (see DAYS_LOOKED_BACK) count on the day before the first one. One query.
    """
    last = timezone.localdate(timezone=event.zone)
    first = min(last, timezone.localdate(event.starts_at, event.zone)) - timedelta(days=DAYS_LOOKED_BACK)
    mornings = [get_midnight(event, first + timedelta(days=number)) for number in range((last - first).days + 1)]
    # Much faster than to convert each time to a date of the zone, and right where the clocks change.
    bucket = Func(
        F("created_at"),
        Value(mornings, output_field=ArrayField(DateTimeField())),
        function="width_bucket",
        output_field=IntegerField(),
    )
    rows = Registration.objects.filter(event=event).order_by().values_list("status", bucket).annotate(n=Count("*"))
    by_status, by_day = Counter(), Counter()
    for status, days_after_first, number in rows:
        by_status[status] += number
        if status != Status.CANCELLED:
            by_day[first - DAY + timedelta(days=days_after_first)] += number
    return by_status, by_day


def get_periods(event: Event, by_day: Counter[date], length: timedelta) -> Iterator[Period]:
    """From the first day with sign-ups to the last, in periods of `length`; weeks start on Monday."""
    if not by_day:
        return
    start, last, total = min(by_day), max(by_day), 0
    if length == WEEK:
        start -= timedelta(days=start.weekday())
    while start <= last:
        end = start + length
        new = sum(by_day[start + timedelta(days=number)] for number in range(length.days))
        total += new
        filters = {
            "created_at__gte": get_midnight(event, start).isoformat(" "),
            "created_at__lt": get_midnight(event, end).isoformat(" "),
        }
        yield Period(date_format(start, "SHORT_DATE_FORMAT"), new, total, filters)
        start = end


def get_midnight(event: Event, day: date) -> datetime:
    """When `day` begins in the event's time zone."""
    return datetime.combine(day, time(), tzinfo=event.zone)
