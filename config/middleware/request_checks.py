"""Refuses requests that are too large or that no page can read."""

import re

from django.conf import settings
from django.utils.translation import gettext as _

from config.errors import bad_request, render_error_page, request_too_large
from registrations.rate_limit import TooManyRequests, get_refusal


class RequestChecksMiddleware:
    """Refuses such requests unread, gives the empty 405 of Django's decorators a page, and a 429 its Retry-After."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        announced = request.META.get("CONTENT_LENGTH") or ""
        if announced.isascii() and announced.isdigit() and int(announced[:20]) > get_max_body_size(request):
            return request_too_large(request)
        # PostgreSQL can neither store nor compare NUL.
        has_nul = "%00" in request.META.get("QUERY_STRING", "") or "\0" in "".join(request.COOKIES.values())
        if has_nul or request.content_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            return bad_request(request, None)
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            text = _("Nothing was changed. Please go back and use the links and buttons on the page.")
            explained = render_error_page(request, 405, _("This page cannot be opened like that"), text)
            explained["Allow"] = response["Allow"]
            return explained
        if response.status_code == 429 and hasattr(request, "retry_after"):
            response["Retry-After"] = str(request.retry_after)
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, TooManyRequests):
            return render_error_page(request, 429, _("Too many requests"), get_refusal(request))
        return None


def get_max_body_size(request) -> int:
    """Return the limit in bytes: more where a page takes files and one is sent; Django limits the form around it."""
    if request.method == "POST" and request.content_type == "multipart/form-data":
        for pattern, size in settings.UPLOAD_MAX_SIZES.items():
            if re.fullmatch(pattern, request.path):
                return size
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
