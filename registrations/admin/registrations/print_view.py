"""A list of people to print and tick off."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from registrations.admin.selection import get_selection, redirect_on_unknown_filters
from registrations.exports.export_log import log_export

# What stands on the list, by the names of the exports' columns.
COLUMNS = ["last_name", "first_name", "organisation", "status", "reference"]

# More than anybody ticks off on paper, and still a page that a browser can lay out.
MAX_PEOPLE = 5000


class PrintMixin:
    """For the ModelAdmin of registrations: the page to print."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.print_view)
        return [path("print/", view, name="registrations_registration_print"), *super().get_urls()]

    @redirect_on_unknown_filters
    def print_view(self, request):
        """Those whom the list shows under the filters in the address, or the `selected` of them, by name.

        Without e-mail addresses. It is recorded in the admin's log like an export.
        """
        if not (self.has_view_permission(request) and self.has_export_permission(request)):
            raise PermissionDenied
        selection = get_selection(self, request)
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
        return render(
            request,
            "admin/registrations/registration/print.html",
            {
                "title": _("List of participants"),
                "events": selection.events,
                "number": number,
                "people": people.select_related("event").order_by("event__starts_at", "event", "sort_name", "pk"),
            },
        )
