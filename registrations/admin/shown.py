"""The people that the list of registrations shows under an address."""

from typing import NamedTuple

from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext as _

from conference.careful import is_key
from conference.models import Event
from registrations.exports.people import events_of
from registrations.models import RegistrationQuerySet

# What says in which order and on which page the list shows them, not whom.
NOT_WHOM = ("p", "o", "all", "e")


class Shown(NamedTuple):
    """These people, how many they are of which events, the filters in words, and the address's query."""

    people: RegistrationQuerySet
    by_event: list[tuple[Event, int]]
    filters: list[str]
    query: QueryDict

    @property
    def events(self) -> list[Event]:
        return [event for event, _number in self.by_event]

    @property
    def number(self) -> int:
        return sum(number for _event, number in self.by_event)

    @property
    def filters_for_the_log(self) -> list[str]:
        """As they stand in the address; of a text search not the text, which may be somebody's name."""
        instead = {"q": _("a text search"), "selected": _("selected one by one")}
        return [instead.get(name, f"{name}={value}") for name, value in self.query.items() if value]

    def address_for(self, event: Event) -> str:
        """The query under which only the people of `event` are shown."""
        query = self.query.copy()
        query["event"] = event.pk
        return query.urlencode()


def shown(registrations_admin, request) -> Shown:
    """Those whom the list shows under the request's filters, or those `selected` of them.

    Raises IncorrectLookupParameters for filters that do not exist.
    """
    query = request.GET.copy()
    for name in NOT_WHOM:
        query.pop(name, None)
    request.GET, original = query.copy(), request.GET
    selected = request.GET.pop("selected", None)
    try:
        changelist = registrations_admin.get_changelist_instance(request)
    finally:
        request.GET = original
    people, filters = changelist.queryset.select_related(None), words_of(changelist)
    if selected is not None:
        people = people.filter(pk__in=[key for key in selected[-1].split(",") if is_key(key)])
        filters.append(_("selected one by one"))
    numbers = dict(people.order_by().values_list("event").annotate(number=Count("pk")))
    by_event = [(event, numbers[event.pk]) for event in events_of(people) if event.pk in numbers]
    return Shown(people, by_event, filters, query)


def words_of(changelist) -> list[str]:
    """The list's filters and its search, as the page beside the list words them."""
    words = []
    if changelist.query:
        words.append(_("search: “%(text)s”") % {"text": changelist.query})
    for filter in changelist.filter_specs:
        chosen = [choice["display"] for choice in list(filter.choices(changelist))[1:] if choice["selected"]]
        words += [f"{filter.title}: {display}" for display in chosen]
    return words
