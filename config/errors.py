"""What a visitor reads when a request is refused: always a page, in their language, with a way on."""

import re

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from registrations.rate_limit import get_seconds_left


def render_error_page(request, status: int, title: str, explanation: str, *, finds_link: bool = False):
    """The error page with this title and explanation, and a way to a lost personal link, served with `status`.

    No cache keeps it: by the next visit all may be well.
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


class RequestLimitsMiddleware:
    """Refuses what no page could use before it is read, and gives the bare 405 of Django's decorators a page.

    Whoever sends too much is told when to come back.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if get_body_size(request) > get_max_body_size(request):
            return request_too_large(request)
        if has_nul(request) or request.content_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            return bad_request(request, None)
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            explained = render_error_page(
                request,
                405,
                _("This page cannot be opened like that"),
                _("Nothing was changed. Please go back and use the links and buttons on the page."),
            )
            explained["Allow"] = response["Allow"]
            return explained
        if response.status_code == 429:
            response["Retry-After"] = str(get_seconds_left())
        return response


def has_nul(request) -> bool:
    """Whether the address or a cookie holds a NUL: PostgreSQL has no such text, so no page could look for it."""
    return "%00" in request.META.get("QUERY_STRING", "") or any("\0" in value for value in request.COOKIES.values())


def get_body_size(request) -> int:
    """The announced size of the request's body in bytes, 0 when none is announced."""
    announced = request.META.get("CONTENT_LENGTH") or ""
    return int(announced[:20]) if announced.isascii() and announced.isdigit() else 0


def get_max_body_size(request) -> int:
    """How many bytes the request's body may have: a form's, or more where a page takes files and a file is sent.

    Django keeps the size of the form around the file within DATA_UPLOAD_MAX_MEMORY_SIZE, and a large file on disk.
    """
    if request.method == "POST" and request.content_type == "multipart/form-data":
        for pattern, size in settings.UPLOAD_MAX_SIZES.items():
            if re.fullmatch(pattern, request.path):
                return size
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


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
