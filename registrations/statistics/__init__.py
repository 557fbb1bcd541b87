"""Counting an event's registrations: who registered, when, from where, and what they chose.

Everybody counts who has not cancelled. Erased people still count wherever data of theirs is left.
"""

from registrations.statistics.charts import Bar, Chart, get_list_url
from registrations.statistics.overview import Overview, get_overview
from registrations.statistics.summary import Period, Summary, summarize

__all__ = ["Bar", "Chart", "Overview", "Period", "Summary", "get_list_url", "get_overview", "summarize"]
