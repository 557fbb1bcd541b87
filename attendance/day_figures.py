"""Who came, as the live page of the day shows it: people, never scans, each once, where and when they came first."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, DateTimeField, F, Func, Value

from attendance.models import CheckIn, CheckInQuerySet
from conference.models import Event
from registrations.models import Registration

Kind, Method = CheckIn.Kind, CheckIn.Method


class DayFigures(NamedTuple):
    """`by_door` has an empty name for those of whom no entrance is known; `inside` counts who has not gone out."""

    expected: int
    came: int
    walk_ins: int
    inside: int
    by_door: list[tuple[str, int]]
    by_quarter: list[tuple[datetime, int]]


def get_day_figures(event: Event, *, is_practice: bool = False) -> DayFigures:
    """What happened so far; for practice, what happened in the rehearsal."""
    check_ins = event.check_ins.filter(is_practice=is_practice, registration__isnull=False).valid()
    came_in = check_ins.filter(kind=Kind.IN)
    by_door, by_quarter = Counter(), Counter()
    for door, quarter, number in count_arrivals(came_in):
        by_door[door or ""] += number
        by_quarter[quarter] += number
    return DayFigures(
        expected=event.registrations.filter(status=Registration.Status.CONFIRMED).count(),
        came=by_door.total(),
        walk_ins=came_in.filter(method=Method.WALK_IN).aggregate(people=Count("registration", distinct=True))["people"],
        inside=CheckIn.objects.filter(pk__in=pick_one_each(check_ins, "-happened_at", "-pk"), kind=Kind.IN).count(),
        by_door=sorted(by_door.items(), key=lambda pair: (-pair[1], pair[0])),
        by_quarter=sorted(by_quarter.items()),
    )


def count_arrivals(came_in: CheckInQuerySet) -> list[tuple[str | None, datetime, int]]:
    """How many people came first through each entrance in each quarter of an hour."""
    bin_start = Func(
        Value("15 minutes"), F("happened_at"), function="date_bin", template="%(function)s(%(expressions)s, 'epoch')"
    )
    bin_start.output_field = DateTimeField()
    first = CheckIn.objects.filter(pk__in=pick_one_each(came_in, "happened_at", "pk")).order_by()
    return list(first.values_list("door__name", bin_start).annotate(number=Count("*")))


def pick_one_each(check_ins: CheckInQuerySet, *order: str) -> CheckInQuerySet:
    """The keys of one check-in of each person: which comes first in this order."""
    return check_ins.order_by("registration", *order).distinct("registration").values("pk")
