"""Declares views whose page is the same for all visitors."""

from contextlib import contextmanager
from functools import wraps

from django.conf import settings
from django.http import QueryDict
from django.utils.cache import add_never_cache_headers, patch_cache_control

# In seconds: for browsers, for proxies, and while either asks for a newer page; less than a minute all together.
MAX_AGE, PROXY_MAX_AGE, STALE_AGE = 25, 5, 10
# What a visitor's cookies leave in request.META; Django sets the last for a CSRF cookie that it cannot read.
VISITORS_OWN = ("HTTP_COOKIE", "CSRF_COOKIE", "CSRF_COOKIE_NEEDS_UPDATE")


def public_page(view):
    """Declare a page public: the same for all visitors, and cached by its path.

    `config.middleware.page_cache` keeps it for two seconds, and other caches unless the view says how long they may.
    Logged-in users and submitted forms always get a fresh response that no cache keeps.
    """

    @wraps(view)
    def public_view(request, *args, **kwargs):
        if not is_public_request(request):
            response = view(request, *args, **kwargs)
            add_never_cache_headers(response)
            return response
        with anonymous(request):
            response = view(request, *args, **kwargs)
        if response.status_code != 200 or response.cookies:
            return response
        if not response.has_header("Cache-Control"):
            ages = {"max_age": MAX_AGE, "s_maxage": PROXY_MAX_AGE, "stale_while_revalidate": STALE_AGE}
            patch_cache_control(response, public=True, **ages)
        response.is_public_page = True
        request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)  # a broken cookie is replaced where it is needed
        return response

    return public_view


def is_public_request(request) -> bool:
    """Whether the response can be the same for all: nobody is logged in and nothing is submitted."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and request.method in ("GET", "HEAD")


@contextmanager
def anonymous(request):
    """Remove everything from the request that differs between visitors, until the end of the block."""
    own = request.COOKIES, request.GET, request.META
    request.COOKIES, request.GET = {}, QueryDict()
    request.META = {name: value for name, value in own[2].items() if name not in VISITORS_OWN}
    request.META["QUERY_STRING"] = ""
    try:
        yield
    finally:
        request.COOKIES, request.GET, request.META = own
