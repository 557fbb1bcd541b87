"""Refuses requests that are too large or that no page can read."""

import re

from django.conf import settings
from django.utils.translation import gettext as _

from config.errors import bad_request, render_error_page, request_too_large
from registrations.rate_limit import get_seconds_left


class RequestChecksMiddleware:
    """Refuses such requests before they are read, and gives the empty 405 of Django's decorators a page.

    A 429 says when to try again.
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
    """Whether the query or a cookie contains NUL, which PostgreSQL cannot store or compare."""
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
