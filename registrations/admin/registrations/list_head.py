"""What stands above the list of registrations: the statuses as tabs with their numbers, and the filters set."""

from typing import NamedTuple

from django.db.models import Sum
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registrations.admin.list_filters import CheckInFilter, EventFilter, get_filtered_events
from registrations.models import EventCounts, Registration

# The parameters that a tab sets; those that order and page the list begin anew with each.
TAB_PARAMS = ("status__exact", "status__in", "came")
PAGE_PARAMS = ("p", "o", "all", "e")


class StatusTab(NamedTuple):
    """A link to the people of one status; `number` is None where other filters are set, and it would be another."""

    label: str
    url: str
    number: int | None
    is_current: bool


class FilterChip(NamedTuple):
    """A filter that is set, and the address of the list without it."""

    label: str
    url: str


def build_url(query: QueryDict, without=(), **values: str) -> str:
    """Return the query of the list with these values, from its first page, in the same order."""
    query = query.copy()
    for name in (*without, "p", "all", "e"):
        query.pop(name, None)
    for name, value in values.items():
        query[name] = value
    return f"?{query.urlencode()}"


def build_tabs(request) -> list[StatusTab]:
    """Return the tabs; those that few events need are there while somebody is in them. Two queries."""
    query, events = request.GET, get_filtered_events(request)
    numbers = count_by_status(events)
    statuses = [
        ({}, _("All"), sum(numbers.values()), True),
        ({"status__exact": "confirmed"}, _("Confirmed"), numbers["confirmed"], True),
        ({"status__exact": "waitlisted"}, _("Waiting"), numbers["waitlisted"], True),
        ({"status__exact": "pending"}, _("To be confirmed"), numbers["pending"], False),
        ({"status__exact": "cancelled"}, _("Cancelled"), numbers["cancelled"], True),
        ({"came": "yes"}, _("Came"), count_came(events), False),
    ]
    is_filtered = any(value for name, value in query.items() if name not in ("event", *TAB_PARAMS, *PAGE_PARAMS))
    chosen = {name: query[name] for name in TAB_PARAMS if name in query}
    return [
        StatusTab(label, build_url(query, TAB_PARAMS, **values), None if is_filtered else number, values == chosen)
        for values, label, number, is_always_there in statuses
        if is_always_there or number or values == chosen
    ]


def count_by_status(events) -> dict[str, int]:
    """Return how many registrations of these events have each status, as the triggers keep count."""
    sums = {status: Sum(status) for status in Registration.Status.values}
    numbers = EventCounts.objects.filter(event__in=events).aggregate(**sums)
    return {status: number or 0 for status, number in numbers.items()}


def count_came(events) -> int:
    return Registration.objects.filter(event__in=events, checked_in_at__isnull=False).count()


def build_chips(changelist, query: QueryDict) -> list[FilterChip]:
    """Return the filters that are set, but for the event and what the tabs show."""
    chips = []
    if changelist.query:
        chips.append(FilterChip(_("search: “%(text)s”") % {"text": changelist.query}, build_url(query, ["q"])))
    for spec in changelist.filter_specs:
        is_of_tab = isinstance(spec, EventFilter) or (isinstance(spec, CheckInFilter) and spec.value() == "yes")
        if is_of_tab or "status__exact" in spec.expected_parameters():
            continue
        for choice in list(spec.choices(changelist))[1:]:
            if choice["selected"]:
                label = f"{capfirst(spec.title)}: {choice['display']}"
                chips.append(FilterChip(label, build_url(query, spec.expected_parameters())))
    return chips


def is_offered_in_fold(spec) -> bool:
    """Whether the drop-down offers this filter: the statuses are tabs."""
    return "status__exact" not in spec.expected_parameters()
