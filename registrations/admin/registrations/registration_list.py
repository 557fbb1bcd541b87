"""What the list of registrations adds to Django's: links to pages about the listed people, and a faster search."""

from django.contrib.admin.views.main import ChangeList
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.models import is_pk
from registrations.admin.list_filters import list_events
from registrations.admin.selection import get_selection_query

# As many found people are read by their keys. Words that more people have are found early, wherever one looks.
MAX_FOUND_AT_ONCE = 1000


class RegistrationChangeList(ChangeList):
    def __init__(self, request, *args, **kwargs):
        super().__init__(request, *args, **kwargs)
        self.title = _("Registrations")
        selection, event = get_selection_query(request.GET), request.GET.get("event", "")
        of_event = f"event={event}" if is_pk(event) else ""
        pages = [
            ("send", _("Send e-mail"), "registrations_mailing_add", selection),
            ("export", _("Export"), "registrations_registration_export", selection),
            ("import", _("Import"), "registrations_registration_import", of_event),
            ("merge", _("Possible duplicates"), "registrations_registration_doubles", of_event),
        ]
        self.tools = [
            (label, f"{reverse(f'admin:{page}')}?{query}".rstrip("?"))
            for permission, label, page, query in pages
            if getattr(self.model_admin, f"has_{permission}_permission")(request)
        ]

    def get_results(self, request):
        """Read all people once for a search, not once to count and once for the page; and each event once."""
        if self.query:
            found = list(self.queryset.order_by().values_list("pk", flat=True)[: MAX_FOUND_AT_ONCE + 1])
            if len(found) <= MAX_FOUND_AT_ONCE:
                order = self.queryset.query.order_by
                self.queryset = self.root_queryset.filter(pk__in=found).order_by(*order)
        super().get_results(request)
        events = {event.pk: event for event in list_events(request)}
        self.result_list = list(self.result_list)
        for registration in self.result_list:
            if registration.event_id in events:  # it is not if it has been made since
                registration.event = events[registration.event_id]
