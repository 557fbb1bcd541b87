"""A list of people to print and tick off."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from registrations.admin.shown import back_from_unknown_filters, shown
from registrations.exports.record import record

# What stands on the list, by the names of the exports' columns.
COLUMNS = ["last_name", "first_name", "organisation", "status", "reference"]

# More than anybody ticks off on paper, and still a page that a browser can lay out.
AT_MOST = 5000


class Printing:
    """For the ModelAdmin of registrations: the page to print."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.print_view)
        return [path("print/", view, name="registrations_registration_print"), *super().get_urls()]

    @back_from_unknown_filters
    def print_view(self, request):
        """Those whom the list shows under the filters in the address, or the `selected` of them, by name.

        Without e-mail addresses. It is recorded in the admin's log like an export.
        """
        if not (self.has_view_permission(request) and self.has_export_permission(request)):
            raise PermissionDenied
        found = shown(self, request)
        people = found.concerned
        number = people.count()
        if number > AT_MOST:
            text = _("A list to print has at most %(most)d people. Choose fewer, for example by a filter.")
            messages.error(request, text % {"most": AT_MOST})
            return redirect("admin:registrations_registration_changelist")
        record(
            request.user,
            kind=_("list to print"),
            events=found.events,
            count=number,
            filters=found.filters_for_the_log,
            columns=COLUMNS,
        )
        return render(
            request,
            "admin/registrations/registration/print.html",
            {
                "title": _("List of participants"),
                "events": found.events,
                "number": number,
                "people": people.select_related("event").order_by("event__starts_at", "event", "sort_name", "pk"),
            },
        )
