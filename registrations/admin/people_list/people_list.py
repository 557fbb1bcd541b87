"""What the list of people adds to Django's: tabs with numbers, chosen columns, and speed where there are many."""

from functools import cached_property
from typing import NamedTuple

from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Sum
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.admin.list_filters import CheckInFilter, get_filtered_events
from registrations.admin.people_list.list_columns import get_label
from registrations.admin.selection import get_selection_query
from registrations.availability import would_wait
from registrations.models import EventCounts, Registration, RegistrationQuerySet

Status = Registration.Status

# As many found people are read by their keys. Words that more people have are found early, wherever one looks.
MAX_FOUND_AT_ONCE = 1000
# Of the people who wait, only the first ones are told their place: to count those before one takes longer and longer.
MAX_PLACES_TOLD = 500
# Each event is read once, and not with each person.
EVENTS = Prefetch("event", Event.objects.defer_long_texts().prefetch_related("sectors"))

STATUS, STATUSES, CAME = "status__exact", "status__in", CheckInFilter.parameter_name
TAB_LABELS = {
    Status.CONFIRMED: gettext_lazy("Confirmed"),
    Status.WAITLISTED: gettext_lazy("Waiting"),
    Status.PENDING: gettext_lazy("To be confirmed"),
    Status.CANCELLED: gettext_lazy("Cancelled"),
}


class Tab(NamedTuple):
    """A tab and how many people it shows; None where something else is filtered too, as nobody has counted them."""

    label: str
    number: int | None
    url: str
    is_current: bool


class Chip(NamedTuple):
    """A filter that is set, and the address of the list without it."""

    text: str
    url: str


class PeoplePaginator(Paginator):
    """Does not count what is known, and reads pages of the second half from the end, which is nearer."""

    def __init__(self, people: RegistrationQuerySet, per_page: int, *, known: int | None, **options):
        super().__init__(people, per_page, **options)
        if known is not None:
            self.count = known

    def page(self, number) -> Page:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        last = min(first + self.per_page, self.count)
        if first <= self.count // 2:
            return super().page(number)
        backwards = self.object_list.reverse()[self.count - last : self.count - first]
        return self._get_page(list(backwards)[::-1], number, self)


def count_statuses(events: list[Event]) -> dict[str, int]:
    """Return how many people of the events have each status, as triggers keep it. One query."""
    sums = {status: Sum(status, default=0) for status in Status.values}
    return EventCounts.objects.filter(event__in=events).aggregate(**sums)


class PeopleList(ChangeList):
    def __init__(self, request, *args, **kwargs):
        request.people_list = self
        self.events = get_filtered_events(request)
        self.request = request
        super().__init__(request, *args, **kwargs)
        self.title = _("People")

    @property
    def tools(self) -> list[tuple[str, str]]:
        """Label and address of what can be done with everybody whom the list shows."""
        pages = [
            ("send", _("Send e-mail"), "registrations_mailing_add"),
            ("export", _("Export"), "registrations_registration_export"),
            ("badges", _("Badges"), "attendance_badges"),
        ]
        query = get_selection_query(self.request.GET)
        return [
            (label, f"{reverse(f'admin:{page}')}?{query}".rstrip("?"))
            for permission, label, page in pages
            if getattr(self.model_admin, f"has_{permission}_permission")(self.request)
        ]

    @cached_property
    def numbers(self) -> dict[str, int]:
        return count_statuses(self.events)

    @property
    def has_no_place(self) -> bool:
        """Whether somebody who is added now to the only event would wait."""
        taken = self.numbers[Status.CONFIRMED] + self.numbers[Status.PENDING]
        return would_wait(self.events[0], taken=taken, waiting=self.numbers[Status.WAITLISTED])

    @cached_property
    def number_came(self) -> int:
        return self.root_queryset.filter(event__in=self.events, checked_in_at__isnull=False).order_by().count()

    def count_known(self) -> int | None:
        """Return how many people the list shows, if only events and a status, or whether they came, are chosen."""
        filtered, everybody = set(self.get_filters_params()) - {"event"}, sum(self.numbers.values())
        if self.query or filtered not in (set(), {STATUS}, {CAME}):
            return None
        if CAME in filtered:
            return {"yes": self.number_came, "no": everybody - self.number_came}.get(self.params[CAME])
        return self.numbers.get(self.params[STATUS]) if filtered else everybody

    def get_results(self, request):
        people = self.queryset
        self.queryset = self.find_at_once().select_related(None).prefetch_related(EVENTS).defer("search_text")
        super().get_results(request)
        self.queryset = people  # for exports and mailings of all that the list shows

    def find_at_once(self) -> RegistrationQuerySet:
        """Read all people once for a search, and not once to count those found and once more for the page.

        Without the other filters, as only the event and the text searched can be read without the table.
        """
        if self.query:
            can_see_email = self.request.user.has_perm("registrations.view_email")
            people = self.root_queryset.search(self.query, with_email=can_see_email)
            if "event" in self.params:
                people = people.filter(event__in=self.events)
            found = list(people.order_by().values_list("pk", flat=True)[: MAX_FOUND_AT_ONCE + 1])
            if len(found) <= MAX_FOUND_AT_ONCE:
                return self.queryset.filter(pk__in=found)
        return self.queryset

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or a filter beside the tabs is set."""
        return bool(self.query or set(self.get_filters_params()) - {"event", STATUS, STATUSES, CAME})

    @property
    def tabs(self) -> list[Tab]:
        """Everybody, each status, and who came if somebody did: with what else is filtered."""
        status, came = self.params.get(STATUS), self.params.get(CAME)
        tabs = [self.make_tab(_("All"), sum(self.numbers.values()), {}, is_current=not (status or came))]
        for key, label in TAB_LABELS.items():
            is_current = status == key and not came
            tabs.append(self.make_tab(label, self.numbers[key], {STATUS: key}, is_current=is_current))
        if self.number_came:
            is_current = came == "yes" and not status
            tabs.append(self.make_tab(_("Came"), self.number_came, {CAME: "yes"}, is_current=is_current))
        return tabs

    def make_tab(self, label, number: int, chosen: dict, *, is_current: bool) -> Tab:
        url = self.get_query_string(chosen, [STATUS, STATUSES, CAME, PAGE_VAR])
        return Tab(label, None if self.is_narrowed else number, url, is_current)

    @cached_property
    def offered_filters(self) -> list:
        """The filters without those that tabs and the menu replace."""
        in_tabs = {STATUS, CAME}
        return [
            spec
            for spec in self.filter_specs
            if not getattr(spec, "is_in_menu", False) and in_tabs.isdisjoint(spec.expected_parameters())
        ]

    @property
    def chips(self) -> list[Chip]:
        """What is filtered beside the tabs, each with a way out."""
        found = []
        for spec in self.offered_filters:
            if spec.has_output() and not set(spec.expected_parameters()).isdisjoint(self.params):
                everybody, *others = spec.choices(self)
                chosen = [choice["display"] for choice in others if choice["selected"]]
                found += [Chip(f"{spec.title}: {display}", everybody["query_string"]) for display in chosen]
        if self.query:
            text = gettext("search: “%(text)s”") % {"text": self.query}
            found.append(Chip(text, self.get_query_string({}, [SEARCH_VAR, PAGE_VAR])))
        return found

    @property
    def clear_url(self) -> str:
        """The list without filters and search, of the same event and status."""
        names = [name for spec in self.offered_filters for name in spec.expected_parameters()]
        return self.get_query_string({}, [*names, SEARCH_VAR, PAGE_VAR])

    @property
    def offered_columns(self) -> list[tuple[str, str, bool]]:
        """Name and label of each column that the user may choose, and whether the list shows it."""
        shown = {column.__name__ for column in self.list_display if callable(column)}
        columns = [one for one in self.request.offered_columns if one.__name__ not in ("name", "event")]
        return [(column.__name__, get_label(column), column.__name__ in shown) for column in columns]

    @property
    def kept_params(self) -> list[tuple[str, str]]:
        """The parameters of the address that a search keeps."""
        return [(name, value) for name, value in self.params.items() if name != SEARCH_VAR]

    def render_rows(self) -> SafeString:
        """Return the rows of the table: one text, as a template would take most of the page's time for them."""
        columns = [column for column in self.list_display if callable(column)]
        labels, places = list(map(get_label, columns)), self.find_places()
        query = f"?{self.preserved_filters}" if self.preserved_filters else ""
        rows = []
        for person in self.result_list:
            cells = [self.render_checkbox(person)] if "action_checkbox" in self.list_display else []
            for column, label in zip(columns, labels, strict=True):
                kind, value = column.__name__, column(person)
                if kind == "name":
                    html = '<th class="field-name" scope="row"><a href="{}{}">{}</a></th>'
                    cells.append(format_html(html, self.url_for_result(person), query, value))
                    continue
                if kind == "status" and person.pk in places:
                    value = gettext("waiting, number %(place)d") % {"place": places[person.pk]}
                kind = kind.partition(".")[0]
                cells.append(format_html('<td class="field-{}" data-column="{}">{}</td>', kind, label, value or "–"))
            rows.append(f"<tr>{''.join(cells)}</tr>")
        return SafeString("\n".join(rows))  # whose cells are safe

    def render_checkbox(self, person: Registration) -> SafeString:
        return format_html('<td class="action-checkbox">{}</td>', self.model_admin.action_checkbox(person))

    def find_places(self) -> dict[int, int]:
        """Return the places in line of the waiting people on the page, by key. At most one query for each event."""
        waiting = {person.event for person in self.result_list if person.status == Status.WAITLISTED}
        return {
            key: place
            for event in waiting
            for place, key in enumerate(
                event.registrations.on_waiting_list().values_list("pk", flat=True)[:MAX_PLACES_TOLD], 1
            )
        }
