"""The figures of an event: who signed up, when, from where, and what they chose.

Counted are the registrations that stand: all but the cancelled. Who was erased still counts in whatever stayed of
them.
"""

from typing import NamedTuple

from django.db import connection, transaction

from conference.models import Event
from registrations.statistics.answer_charts import get_answer_charts
from registrations.statistics.charts import Bar, Chart, get_list_url
from registrations.statistics.profile_charts import get_organisation_chart, get_profile_charts, get_topic_chart
from registrations.statistics.summary import (
    DAY,
    MAX_DAYS_SHOWN_SINGLY,
    WEEK,
    Period,
    Summary,
    count_by_day,
    count_live_by_day,
    get_periods,
    summarize,
)

__all__ = ["Bar", "Chart", "Overview", "Period", "Summary", "get_list_url", "get_overview", "summarize"]


class Overview(NamedTuple):
    standing: Summary
    is_weekly: bool
    periods: list[Period]
    figures: list[Chart]


def get_overview(event: Event, *, with_internal: bool) -> Overview:
    """All figures of `event`; `with_internal`, also of what only organisers ask and fill in."""
    with transaction.atomic(), connection.cursor() as cursor:
        # With less, the database sorts the rows on disk instead of counting them in memory.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        return count_overview(event, with_internal=with_internal)


def count_overview(event: Event, *, with_internal: bool) -> Overview:
    counts = count_by_day(event)
    now = summarize(event, counts)
    days = sorted(count_live_by_day(counts).items())
    is_weekly = bool(days) and (days[-1][0] - days[0][0]).days >= MAX_DAYS_SHOWN_SINGLY
    sectors, homes, languages = get_profile_charts(event, now.people)
    figures = [
        sectors,
        homes,
        get_topic_chart(event, now.people),
        get_organisation_chart(event, now.people),  # the longest fills the second of two columns
        languages,
        *get_answer_charts(event, now.people, with_internal=with_internal),
    ]
    return Overview(now, is_weekly, list(get_periods(event, days, WEEK if is_weekly else DAY)), figures)
