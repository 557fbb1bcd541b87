"""Error pages for requests that are refused: always a page, in the visitor's language, with a link that leads on."""

from django.core.exceptions import RequestDataTooBig
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _


def render_error_page(request, status: int, title: str, explanation: str, *, finds_link: bool = False):
    """The error page with this title and explanation; with `finds_link` it offers to send a lost personal link.

    No cache keeps it: the next request may succeed.
    """
    context = {
        "title": title,
        "explanation": explanation,
        "finds_link": finds_link,
        "is_of_admin": request.path.startswith("/admin/"),
    }
    response = render(request, "error.html", context, status=status)
    add_never_cache_headers(response)
    return response


def request_too_large(request):
    return render_error_page(
        request,
        413,
        _("That is too much to send at once"),
        _("The form you sent is too large for this site. Nothing was saved. Please go back and shorten your answers."),
    )


def bad_request(request, exception):
    if isinstance(exception, RequestDataTooBig):  # the texts beside a file
        return request_too_large(request)
    return render_error_page(
        request,
        400,
        _("The request could not be understood"),
        _("Nothing was changed. Please go back and try again."),
    )


def permission_denied(request, exception):
    return render_error_page(
        request,
        403,
        _("You do not have permission to open this page"),
        _("If you think you should have access, ask the organisers for permission."),
    )


def csrf_failure(request, reason=""):
    return render_error_page(
        request,
        403,
        _("The form was not sent"),
        _(
            "For security, the form works only if it was opened on this site and your browser accepts "
            "its cookie. Nothing was saved. Please go back, reload the page and send the form again. If "
            "this happens again, allow cookies for this site."
        ),
    )


def not_found(request, exception):
    if "/r/" in request.path:
        return render_error_page(
            request,
            404,
            _("This link does not work"),
            _(
                "It may be incomplete, your e-mail address may have changed, or your data may have been "
                "erased. Please open the whole link from the latest e-mail, or have it sent to you again."
            ),
            finds_link=True,
        )
    return render_error_page(
        request,
        404,
        _("Page not found"),
        _("The address may be wrong or incomplete, or the page may have been removed. Please check the address."),
    )
