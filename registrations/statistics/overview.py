"""Everything that is counted for an event, as its overview shows it."""

from typing import NamedTuple

from django.db import connection, transaction

from conference.models import Event
from registrations.statistics.answer_charts import get_answer_charts
from registrations.statistics.charts import Chart
from registrations.statistics.profile_charts import get_organisation_chart, get_profile_charts, get_topic_chart
from registrations.statistics.summary import (
    DAY,
    WEEK,
    Period,
    Summary,
    count_by_day,
    count_live_by_day,
    get_periods,
    summarize,
)

# Sign-ups over more days than this are shown by the week.
MAX_DAYS_SHOWN_SINGLY = 100


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
        return count_overview(event, with_internal=with_internal)


def count_overview(event: Event, *, with_internal: bool) -> Overview:
    counts = count_by_day(event)
    summary = summarize(event, counts)
    days = sorted(count_live_by_day(counts).items())
    is_weekly = bool(days) and (days[-1][0] - days[0][0]).days >= MAX_DAYS_SHOWN_SINGLY
    sectors, countries, languages = get_profile_charts(event, summary.people)
    charts = [
        sectors,
        countries,
        get_topic_chart(event, summary.people),
        get_organisation_chart(event, summary.people),  # the longest fills the second of two columns
        languages,
        *get_answer_charts(event, summary.people, with_internal=with_internal),
    ]
    return Overview(summary, is_weekly, list(get_periods(event, days, WEEK if is_weekly else DAY)), charts)
