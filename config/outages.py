"""Pages for when the site itself cannot answer. They need neither the database nor a session."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _

RETRY_AFTER = 300  # seconds


def render_database_error(request):
    """The page never says that nothing was stored: if the connection breaks at a commit, that is unknown."""
    explanation = _("Part of the site is not responding. Please try again in a few minutes.")
    if request.method == "POST":
        explanation = _(
            "We cannot tell whether what you sent was saved. If you get a confirmation e-mail, it was. If "
            "not, please go back in a few minutes and send it again; sending it twice does no harm."
        )
    return render_unavailable(request, _("The site is temporarily unavailable"), explanation)


def server_error(request):
    """Django's handler500, called while the exception is being handled."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return render_database_error(request)
    return render_bare_page(request, "500.html", 500)


def render_unavailable(request, title: str, explanation: str):
    # After a POST, what was typed is on the previous page; a link to the form would open an empty one.
    again = escape_leading_slashes(escape_uri_path(request.path)) if request.method != "POST" else ""
    response = render_bare_page(request, "maintenance.html", 503, title=title, explanation=explanation, again=again)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def render_bare_page(request, template: str, status: int, **context) -> HttpResponse:
    """An uncached page, without its style sheets if the manifest of the static files cannot be read."""
    context["in_frame"] = hasattr(request, "base_template")  # set by EmbedMiddleware
    try:
        content = render_to_string(template, {**context, "has_looks": True})
    except ValueError:
        content = render_to_string(template, context)
    response = HttpResponse(content, status=status)
    add_never_cache_headers(response)
    return response
