"""What the list of registrations adds to Django's: links to pages about the listed people, and a faster search."""

from django.contrib.admin.views.main import ChangeList
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.models import Event, is_pk
from registrations.admin.selection import get_selection_query
from registrations.models import RegistrationQuerySet

# As many found people are read by their keys. Words that more people have are found early, wherever one looks.
MAX_FOUND_AT_ONCE = 1000
# Each event is read once, and not with each person.
EVENTS = Prefetch("event", Event.objects.defer_long_texts())


class RegistrationChangeList(ChangeList):
    def __init__(self, request, *args, **kwargs):
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

    def get_results(self, request):
        people = self.queryset
        self.queryset = self.find_at_once().select_related(None).prefetch_related(EVENTS)
        super().get_results(request)
        self.queryset = people  # for exports and mailings of all that the list shows

    def find_at_once(self) -> RegistrationQuerySet:
        """Read all people once for a search, and not once to count those found and once more for the page."""
        if self.query:
            found = list(self.queryset.order_by().values_list("pk", flat=True)[: MAX_FOUND_AT_ONCE + 1])
            if len(found) <= MAX_FOUND_AT_ONCE:
                return self.root_queryset.filter(pk__in=found).order_by(*self.queryset.query.order_by)
        return self.queryset
