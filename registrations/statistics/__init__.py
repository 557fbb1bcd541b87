"""Counting an event's registrations: who registered, when, from where, and what they chose.

Everybody counts who has not cancelled. Erased people still count wherever data of theirs is left.
"""

from registrations.statistics.charts import Chart, get_list_url
from registrations.statistics.overview import Period, Summary, get_overview, summarize
