"""What a visitor reads when the site itself cannot answer: pages that need neither the database nor a session."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _

# What works on while MAINTENANCE is on: where organisers look after the site, and what a monitor asks.
EXEMPT_PATHS = ("/admin/", "/healthz/")
# When to come back, in seconds.
RETRY_AFTER = 300


class MaintenanceMiddleware:
    """While the setting MAINTENANCE is on, every page but those that stay open says so."""

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


def render_database_error(request):
    """Never says that nothing was stored: when the connection breaks at a commit, nobody knows."""
    explanation = _("Part of the site is not responding. Please try again in a few minutes.")
    if request.method == "POST":
        explanation = _(
            "We cannot tell whether what you sent was saved. If you get a confirmation e-mail, it was. "
            "If not, please go back in a few minutes and send it again; sending it twice does no harm."
        )
    return render_unavailable(request, _("The site is temporarily unavailable"), explanation)


def server_error(request):
    """The handler of what no page caught; called while the exception is being handled."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return render_database_error(request)
    return render_bare_page(request, "500.html", 500)


def render_unavailable(request, title: str, explanation: str):
    # What was typed is on the page before; a link to the form would open an empty one.
    again = escape_leading_slashes(escape_uri_path(request.path)) if request.method != "POST" else ""
    response = render_bare_page(request, "maintenance.html", 503, title=title, explanation=explanation, again=again)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def render_bare_page(request, template: str, status: int, **context) -> HttpResponse:
    """The page for no cache, without its looks where the list of the static files cannot be read."""
    context["in_frame"] = hasattr(request, "base_template")  # set by EmbedMiddleware
    try:
        content = render_to_string(template, {**context, "has_looks": True})
    except ValueError:
        content = render_to_string(template, context)
    response = HttpResponse(content, status=status)
    add_never_cache_headers(response)
    return response
