"""Closes the site while it is being maintained."""

from django.conf import settings
from django.utils.translation import gettext as _

from config.outages import render_unavailable

# What works on while MAINTENANCE is on: the admin, and what a monitor asks.
EXEMPT_PATHS = ("/admin/", "/healthz/")


class MaintenanceMiddleware:
    """While the setting MAINTENANCE is on, answers every request with a page that says so, except EXEMPT_PATHS."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.MAINTENANCE and not request.path.startswith(EXEMPT_PATHS):
            return render_maintenance(request)
        return self.get_response(request)


def render_maintenance(request):
    explanation = _("It will be back shortly. Please come back in a few minutes.")
    if request.method == "POST":
        explanation = _("What you sent was not saved. Please go back in a few minutes and send it again.")
    return render_unavailable(request, _("The site is down for maintenance"), explanation)
