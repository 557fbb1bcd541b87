"""The people that the list of registrations shows under an address."""

from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Count
from django.http import QueryDict
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from conference.admin.mixins import is_pk
from conference.models import Event
from registrations.exports.registration_table import get_events
from registrations.models import RegistrationQuerySet

# What says in which order and on which page the list shows them, not whom.
PAGING_PARAMS = ("p", "o", "all", "e")


@dataclass
class Selection:
    """These people, the filters in words, and the address's query."""

    people: RegistrationQuerySet
    filters: list[str]
    query: QueryDict

    @cached_property
    def by_event(self) -> list[tuple[Event, int]]:
        """How many of them are of which event. Two queries."""
        numbers = dict(self.people.order_by().values_list("event").annotate(number=Count("pk")))
        return [(event, numbers[event.pk]) for event in get_events(self.people) if event.pk in numbers]

    @property
    def recipients(self) -> RegistrationQuerySet:
        """Those who are to be written to or printed: who cancelled only when that is asked for, and nobody erased."""
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
        """As they stand in the address; of a text search not the text, which may be somebody's name."""
        replacements = {"q": _("a text search"), "selected": _("selected one by one")}
        return [replacements.get(name, f"{name}={value}") for name, value in self.query.items() if value]

    def query_for_event(self, event: Event) -> str:
        """The query under which only the people of `event` are shown."""
        query = self.query.copy()
        query["event"] = event.pk
        return query.urlencode()


def redirect_on_unknown_filters(view):
    """For a view of what is `shown`: back to the list, with a word why, from filters that do not exist."""

    @wraps(view)
    def wrapper(self, request, *args, **kwargs):
        try:
            return view(self, request, *args, **kwargs)
        except IncorrectLookupParameters:
            messages.error(request, _("These filters do not exist. Please choose the people again."))
            return redirect("admin:registrations_registration_changelist")

    return wrapper


def get_selection(registrations_admin, request) -> Selection:
    """Those whom the list shows under the request's filters, or those `selected` of them.

    Raises IncorrectLookupParameters for filters that do not exist.
    """
    query = request.GET.copy()
    for name in PAGING_PARAMS:
        query.pop(name, None)
    request.GET, original = query.copy(), request.GET
    selected = request.GET.pop("selected", None)
    try:
        changelist = registrations_admin.get_changelist_instance(request)
    finally:
        request.GET = original
    people, filters = changelist.queryset.select_related(None), describe_filters(changelist)
    if selected is not None:
        people = people.filter(pk__in=[key for key in selected[-1].split(",") if is_pk(key)])
        filters.append(_("selected one by one"))
    return Selection(people, filters, query)


def describe_filters(changelist) -> list[str]:
    """The list's filters and its search, as the page beside the list words them."""
    words = []
    if changelist.query:
        words.append(_("search: “%(text)s”") % {"text": changelist.query})
    for filter in changelist.filter_specs:
        chosen = [choice["display"] for choice in list(filter.choices(changelist))[1:] if choice["selected"]]
        words += [f"{filter.title}: {display}" for display in chosen]
    return words
