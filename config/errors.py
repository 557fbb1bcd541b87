"""Error pages: always a page, in the visitor's language, with a link that leads on."""

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _

from config.outages import explain_outage


def render_error_page(request, status: int, title: str, explanation: str, *, finds_link: bool = False):
    """The uncached error page with these texts; with `finds_link` it offers to send a lost personal link."""
    context = {"title": title, "explanation": explanation, "finds_link": finds_link}
    context["is_of_admin"] = request.path.startswith(("/admin/", "/account/"))
    response = render(request, "error.html", context, status=status)
    add_never_cache_headers(response)
    return response


def request_too_large(request):
    text = _(
        "The form you sent is too large for this site. Nothing was saved. Please go back and shorten your answers."
    )
    return render_error_page(request, 413, _("That is too much to send at once"), text)


def bad_request(request, exception):
    if isinstance(exception, RequestDataTooBig):  # the texts beside a file
        return request_too_large(request)
    text = _("Nothing was changed. Please go back and try again.")
    return render_error_page(request, 400, _("The request could not be understood"), text)


def permission_denied(request, exception):
    text = _("If you think you should have access, ask the organisers for permission.")
    return render_error_page(request, 403, _("You do not have permission to open this page"), text)


def csrf_failure(request, reason=""):
    text = _(
        "For security, the form works only if it was opened on this site and your browser accepts "
        "its cookie. Nothing was saved. Please go back, reload the page and send the form again. If "
        "this happens again, allow cookies for this site."
    )
    return render_error_page(request, 403, _("The form was not sent"), text)


def not_found(request, exception):
    if "/r/" in request.path:
        text = _(
            "It may be incomplete, your e-mail address may have changed, or your data may have been "
            "erased. Please open the whole link from the latest e-mail, or have it sent to you again."
        )
        return render_error_page(request, 404, _("This link does not work"), text, finds_link=True)
    text = _("The address may be wrong or incomplete, or the page may have been removed. Please check the address.")
    return render_error_page(request, 404, _("Page not found"), text)


def server_error(request):
    """Django's handler500, called while the exception is being handled."""
    if explained := explain_outage(sys.exception(), is_post=request.method == "POST"):
        return render_unavailable(request, *explained)
    return render_bare_page(request, "500.html", 500)


def render_unavailable(request, title: str, explanation: str):
    # After a POST, what was typed is on the previous page; a link to the form would open an empty one.
    again = escape_leading_slashes(escape_uri_path(request.path)) if request.method != "POST" else ""
    response = render_bare_page(request, "maintenance.html", 503, title=title, explanation=explanation, again=again)
    response["Retry-After"] = "300"  # seconds
    return response


def render_bare_page(request, template: str, status: int, **context) -> HttpResponse:
    """A page that needs neither the database nor a session, nor the manifest of the static files for its style."""
    context["in_frame"] = hasattr(request, "base_template")  # set by EmbedMiddleware
    try:
        content = render_to_string(template, {**context, "has_looks": True})
    except ValueError:
        content = render_to_string(template, context)
    response = HttpResponse(content, status=status)
    add_never_cache_headers(response)
    return response
