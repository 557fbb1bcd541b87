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
        _("That is too much at once"),
        _("The form you sent is larger than this site accepts. Nothing was stored. Please go back and shorten it."),
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
        _("You may not open this page"),
        _("If you should be able to, ask the organisers to give you the permission."),
    )


def csrf_failure(request, reason=""):
    return render_error_page(
        request,
        403,
        _("The form was not sent"),
        _(
            "For your safety the form works only when it was opened on this site and your browser accepts "
            "its cookie. Nothing was stored. Please go back, reload the page and send the form again; "
            "if it happens again, allow cookies for this site."
        ),
    )


def not_found(request, exception):
    if "/r/" in request.path:
        return render_error_page(
            request,
            404,
            _("This link does not work"),
            _(
                "It may be cut short, or your address has changed since, or your data were erased. "
                "Please open the whole link from the latest e-mail, or have it sent to you again."
            ),
            finds_link=True,
        )
    return render_error_page(
        request,
        404,
        _("There is no such page"),
        _("The address may be mistyped or cut short, or the page may have been taken down. Please check the address."),
    )
