"""The people that the list of registrations shows under the filters of an address, or the selected ones of them."""

from dataclasses import dataclass

from django.contrib import admin
from django.db.models import Count
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from conference.models import Event, is_pk
from registrations.admin.mail.change_notice import PARAMETER
from registrations.exports.lists import get_events
from registrations.models import Registration, RegistrationQuerySet

# They order and page the list, lead back to one, or say how a message begins, and do not filter it.
PAGING_PARAMS = ("p", "o", "all", "e", "_changelist_filters", PARAMETER)


@dataclass
class Selection:
    """People, the filters in words, and the query of the address."""

    people: RegistrationQuerySet
    filters: list[str]
    query: QueryDict

    @cached_property
    def by_event(self) -> list[tuple[Event, int]]:
        return count_by_event(self.people)

    @property
    def recipients(self) -> RegistrationQuerySet:
        """The people to write to or to print: cancelled ones only on request, erased ones never."""
        is_asked_for = {"selected", "status__exact"} & set(self.query)
        return (self.people if is_asked_for else self.people.live()).not_erased()

    @property
    def events(self) -> list[Event]:
        return [event for event, _number in self.by_event]

    @property
    def number(self) -> int:
        return sum(number for _event, number in self.by_event)

    @property
    def log_filters(self) -> list[str]:
        """The filters of the address for the log; not the text of a search, which may be a name."""
        replacements = {"q": _("a text search"), "selected": _("selected one by one")}
        return [replacements.get(name, f"{name}={value}") for name, value in self.query.items() if value]


def get_selection(request) -> Selection:
    """Return the people that the request's filters show, or those that `selected` names.

    Raises IncorrectLookupParameters for filters that do not exist.
    """
    query = drop_paging(request.GET)
    request.GET, original = query.copy(), request.GET
    selected = request.GET.pop("selected", None)
    try:
        changelist = admin.site.get_model_admin(Registration).get_changelist_instance(request)
    finally:
        request.GET = original
    people = changelist.queryset.select_related(None)
    filters = [_("search: “%(text)s”") % {"text": changelist.query}] if changelist.query else []
    for filter in changelist.filter_specs:
        chosen = [choice["display"] for choice in list(filter.choices(changelist))[1:] if choice["selected"]]
        filters += [f"{filter.title}: {display}" for display in chosen]
    if selected is not None:
        people = people.filter(pk__in=[key for key in selected[-1].split(",") if is_pk(key)])
        filters.append(_("selected one by one"))
    return Selection(people, filters, query)


def drop_paging(query: QueryDict) -> QueryDict:
    """Return the query without the parameters that order and page the list."""
    query = query.copy()
    for name in PAGING_PARAMS:
        query.pop(name, None)
    return query


def get_selection_query(query: QueryDict, selected=()) -> str:
    """Return the query of a page about the people that the list shows under `query`, or the `selected` ones."""
    query = drop_paging(query)
    if selected:
        query["selected"] = ",".join(selected)
    return query.urlencode()


def count_by_event(people: RegistrationQuerySet) -> list[tuple[Event, int]]:
    """Return the number of people of each event. Two queries."""
    numbers = dict(people.order_by().values_list("event").annotate(number=Count("pk")))
    return [(event, numbers[event.pk]) for event in get_events(people) if event.pk in numbers]


def group_by_event(people: RegistrationQuerySet) -> list[tuple[Event, list[tuple[str, int]], int]]:
    """Return each event with the number of `people` by status, and how many of its places all hold. Three queries."""
    events, statuses = list(get_events(people)), Registration.Status.choices
    counts = people.order_by().values_list("event", "status").annotate(number=Count("pk"))
    numbers = {(event, status): number for event, status, number in counts}
    held = Registration.objects.occupying_place().filter(event__in=events).order_by()
    taken = dict(held.values_list("event").annotate(number=Count("pk")))
    return [
        (
            event,
            [(label, numbers[event.pk, status]) for status, label in statuses if (event.pk, status) in numbers],
            taken.get(event.pk, 0),
        )
        for event in events
    ]
