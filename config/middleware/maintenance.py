"""Closes the site while it is being maintained."""

from django.conf import settings
from django.utils.translation import gettext as _

from config.errors import render_unavailable

EXEMPT_PATHS = ("/admin/", "/account/", "/healthz/")  # organisers and the monitor work on


class MaintenanceMiddleware:
    """Answers requests with a page that says so, while the setting MAINTENANCE is on."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not settings.MAINTENANCE or request.path.startswith(EXEMPT_PATHS):
            return self.get_response(request)
        text = _("It will be back shortly. Please come back in a few minutes.")
        if request.method == "POST":
            text = _("What you sent was not saved. Please go back in a few minutes and send it again.")
        return render_unavailable(request, _("The site is down for maintenance"), text)
