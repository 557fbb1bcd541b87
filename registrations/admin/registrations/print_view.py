"""A list of people to print and tick off."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from registrations.admin.extra_pages import admin_view
from registrations.admin.selection import get_selection
from registrations.exports.access import log_export
from registrations.models import Registration

# By the names of the exports' columns, for the log.
COLUMNS = ["last_name", "first_name", "organisation", "status", "reference"]

# More than anybody ticks off on paper, but not too many for a browser to lay out.
MAX_PEOPLE = 5000


@admin_view(Registration, "view", "export")
def print_view(request):
    """Print the selection, sorted by name, without e-mail addresses. The log records it like an export."""
    selection = get_selection(request)
    people = selection.recipients
    number = people.count()
    if number > MAX_PEOPLE:
        text = _("A list to print can have at most %(most)d people. Choose fewer, for example with a filter.")
        messages.error(request, text % {"most": MAX_PEOPLE})
        return redirect("admin:registrations_registration_changelist")
    log_export(
        request.user,
        kind=_("list to print"),
        events=selection.events,
        count=number,
        filters=selection.log_filters,
        columns=COLUMNS,
    )
    context = {
        "title": _("List of participants"),
        "events": selection.events,
        "number": number,
        "people": people.select_related("event").order_by("event__starts_at", "event", "sort_name", "pk"),
    }
    return render(request, "admin/registrations/registration/print.html", context)
