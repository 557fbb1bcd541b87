"""Counts of who registered when, and what they chose: all live registrations, also erased ones where data is left."""

from registrations.statistics.charts import Chart, get_list_url
from registrations.statistics.overview import Period, Summary, get_overview, summarize
