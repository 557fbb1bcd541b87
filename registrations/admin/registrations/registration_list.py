"""What the list of registrations adds to Django's: links to pages about the listed people, and a faster search."""

from django.contrib.admin.views.main import ChangeList
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from conference.models import Event, is_pk
from registrations.admin.registrations.list_head import build_chips, build_tabs, build_url, is_offered_in_fold
from registrations.admin.selection import get_selection_query
from registrations.models import RegistrationQuerySet

# As many found people are read by their keys. Words that more people have are found early, wherever one looks.
MAX_FOUND_AT_ONCE = 1000
# Each event is read once, and not with each person.
EVENTS = Prefetch("event", Event.objects.defer_long_texts())


class RegistrationChangeList(ChangeList):
    def __init__(self, request, *args, **kwargs):
        self.request = request
        super().__init__(request, *args, **kwargs)
        self.title = _("Registrations")
        selection, event = get_selection_query(request.GET), request.GET.get("event", "")
        of_event = f"event={event}" if is_pk(event) else ""
        pages = [
            ("send", _("Send e-mail"), "registrations_mailing_add", selection),
            ("export", _("Export"), "registrations_registration_export", selection),
            ("badges", _("Badges"), "attendance_badges", selection),
            ("import", _("Import"), "registrations_registration_import", of_event),
            ("merge", _("Possible duplicates"), "registrations_registration_doubles", of_event),
        ]
        self.tools = [
            (label, f"{reverse(f'admin:{page}')}?{query}".rstrip("?"))
            for permission, label, page, query in pages
            if getattr(self.model_admin, f"has_{permission}_permission")(request)
        ]

    @cached_property
    def tabs(self):
        return build_tabs(self.request)

    @cached_property
    def chips(self):
        return build_chips(self, self.request.GET)

    @property
    def offered(self) -> list[tuple]:
        """The titles and choices of the filters in the drop-down."""
        return [(spec.title, list(spec.choices(self))) for spec in self.filter_specs if is_offered_in_fold(spec)]

    @property
    def clear_url(self) -> str:
        names = set(self.request.GET) - {"event", "o"}
        return build_url(self.request.GET, names)

    def get_results(self, request):
        self.has_filters = False  # beside the list: they are above it
        people = self.queryset
        self.queryset = self.find_at_once().select_related(None)
        super().get_results(request)
        self.result_list = self.read_page()
        self.queryset = people  # for exports and mailings of all that the list shows

    def read_page(self) -> RegistrationQuerySet:
        """The page's people by their keys, which an index has, so that a late page reads no rows of earlier ones."""
        page = self.result_list
        order = page.query.order_by
        keys = list(page.values_list("pk", flat=True))
        return self.model.objects.filter(pk__in=keys).order_by(*order).prefetch_related(EVENTS)

    def find_at_once(self) -> RegistrationQuerySet:
        """Read all people once for a search, and not once to count those found and once more for the page."""
        if self.query:
            found = list(self.queryset.order_by().values_list("pk", flat=True)[: MAX_FOUND_AT_ONCE + 1])
            if len(found) <= MAX_FOUND_AT_ONCE:
                return self.root_queryset.filter(pk__in=found).order_by(*self.queryset.query.order_by)
        return self.queryset
