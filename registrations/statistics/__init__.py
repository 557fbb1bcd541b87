"""The figures of an event: who signed up, when, from where, and what they chose.

Counted are the registrations that stand: all but the cancelled. Who was erased still counts in whatever stayed of
them.
"""

from typing import NamedTuple

from django.db import connection, transaction

from conference.models import Event
from registrations.statistics.answers import answers
from registrations.statistics.backgrounds import backgrounds, organisations, topics
from registrations.statistics.figure import Bar, Figure, list_address
from registrations.statistics.standing import (
    DAY,
    DAYS_SHOWN_SINGLY,
    WEEK,
    Period,
    Standing,
    daily,
    live,
    periods,
    standing,
)

__all__ = ["Bar", "Figure", "Overview", "Period", "Standing", "list_address", "overview", "standing"]


class Overview(NamedTuple):
    standing: Standing
    is_weekly: bool
    periods: list[Period]
    figures: list[Figure]


def overview(event: Event, *, with_internal: bool) -> Overview:
    """All figures of `event`; `with_internal`, also of what only organisers ask and fill in."""
    with transaction.atomic(), connection.cursor() as cursor:
        # With less, the database sorts the rows on disk instead of counting them in memory.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        return counted(event, with_internal=with_internal)


def counted(event: Event, *, with_internal: bool) -> Overview:
    counts = daily(event)
    now = standing(event, counts)
    days = sorted(live(counts).items())
    is_weekly = bool(days) and (days[-1][0] - days[0][0]).days >= DAYS_SHOWN_SINGLY
    sectors, homes, languages = backgrounds(event, now.people)
    figures = [
        sectors,
        homes,
        topics(event, now.people),
        organisations(event, now.people),  # the longest fills the second of two columns
        languages,
        *answers(event, now.people, with_internal=with_internal),
    ]
    return Overview(now, is_weekly, list(periods(event, days, WEEK if is_weekly else DAY)), figures)
