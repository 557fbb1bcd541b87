"""The list of registrations, with links to pages about the same people."""

from collections.abc import Iterator

from django.contrib.admin.views.main import ChangeList
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.models import is_pk
from registrations.admin.selection import get_selection_query


class RegistrationChangeList(ChangeList):
    def __init__(self, request, *args, **kwargs):
        super().__init__(request, *args, **kwargs)
        self.title = _("Registrations")
        self.tools = list(list_tools(self.model_admin, request))


def list_tools(model_admin, request) -> Iterator[tuple[str, str]]:
    """Yield label and URL of each page that the user may open from the list."""
    selection, event = get_selection_query(request.GET), request.GET.get("event", "")
    of_event = f"event={event}" if is_pk(event) else ""
    if model_admin.has_send_permission(request):
        yield _("Send e-mail"), get_url("registrations_mailing_add", selection)
    if model_admin.has_export_permission(request):
        yield _("Export"), get_url("registrations_registration_export", selection)
    if model_admin.has_import_permission(request):
        yield _("Import"), get_url("registrations_registration_import", of_event)
    if model_admin.has_merge_permission(request):
        yield _("Possible duplicates"), get_url("registrations_registration_doubles", of_event)


def get_url(name: str, query: str) -> str:
    return f"{reverse(f'admin:{name}')}?{query}".rstrip("?")
