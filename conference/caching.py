"""Public pages that everybody sees alike: rendered once a second, not once a visitor, and kept a moment by browsers.

A page is at most SECONDS old when it leaves here. A proxy may keep it for MAX_AGE, and so may the browser that gets it
from there: a change is seen by everybody within a minute, and at once by whoever is logged in.
"""

import hashlib
import re
import secrets
import threading
import time
from contextlib import contextmanager
from functools import wraps
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.utils.cache import (
    add_never_cache_headers,
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
)
from django.utils.http import http_date

from conference.compression import ENCODINGS, FOR_MANY, best_encoding, compressed

SECONDS = 1
MAX_AGE = 25
# How long it is remembered when a page last changed.
REMEMBERED_SECONDS = 24 * 3600

# Pages with a form are rendered with this as their `csrf_token`; each visitor gets a token of their own in its place.
TOKEN_SLOT = f"csrf-token-slot-{secrets.token_hex()}"
SLOT = TOKEN_SLOT.encode()

# What paths of shared pages are made of; nothing else is looked for among them.
PATH = re.compile(r"[\w/.-]{1,200}")

rendering = threading.Lock()


def is_for_everybody(request) -> bool:
    """Whether the answer may be one that all get: nothing is sent, nobody is logged in, and a page can be there."""
    is_visitor = settings.SESSION_COOKIE_NAME not in request.COOKIES
    return is_visitor and request.method in ("GET", "HEAD") and bool(PATH.fullmatch(request.path))


def shared_for_a_second(view):
    """Let visitors who are not logged in share one rendering of the page for up to SECONDS.

    Only for pages that depend on nothing but their path, which names the language too, and on the CSRF token, which is
    each visitor's own. A page without one SharedPages keeps whole, and lets browsers keep it. Whoever is logged in,
    such as an organiser who has just changed the text, gets a fresh page; so does every POST.
    """

    @wraps(view)
    def shared_view(request, *args, **kwargs):
        if is_for_everybody(request):
            response = shared(view, request, *args, **kwargs)
        else:
            response = view(request, *args, **kwargs)
            add_never_cache_headers(response)  # what somebody typed, or what only organisers may see
        if SLOT in response.content:
            response.content = response.content.replace(SLOT, get_token(request).encode())
        return response

    return shared_view


def shared(view, request, *args, **kwargs):
    """The view's response to nobody in particular; of many who ask for it at once, one has it rendered."""
    key = f"page:{request.path}"
    if kept := cache.get(key):
        return marked(HttpResponse(kept[0]), kept[1])
    with turn_to_render():
        if kept := cache.get(key):
            return marked(HttpResponse(kept[0]), kept[1])
        forget_visitor(request)
        response = view(request, *args, **kwargs)
        if response.status_code != 200 or is_visitors_own(request, response):
            return response
        fresh_until = time.time() + SECONDS
        cache.set(key, (response.content, fresh_until), SECONDS)
        return marked(response, fresh_until)


def is_visitors_own(request, response) -> bool:
    """Whether a cookie is on its way to the visitor; nobody else may get such a page, or the token in it."""
    return bool(response.cookies) or "CSRF_COOKIE_NEEDS_UPDATE" in request.META


def marked(response, fresh_until: float):
    """The response, marked for SharedPages unless it will hold a visitor's own token."""
    if SLOT in response.content:
        response["Cache-Control"] = "private, no-cache"
    else:
        response.fresh_until = fresh_until
    return response


@contextmanager
def turn_to_render():
    """One at a time in this process; but nobody waits longer than a page is fresh."""
    has_turn = rendering.acquire(timeout=SECONDS)
    try:
        yield
    finally:
        if has_turn:
            rendering.release()


def forget_visitor(request) -> None:
    """Take from the request what one visitor's differs in from another's, lest it show in the page for all."""
    request.COOKIES, request.GET = {}, QueryDict()
    request.META["QUERY_STRING"] = ""


class Page(NamedTuple):
    """A response as it is kept: its body and headers by encoding, for those who take none by the empty one."""

    variants: dict[str, tuple[bytes, dict[str, str]]]
    etag: str
    last_modified: int
    fresh_until: float

    @classmethod
    def of(cls, response, before: "Page | None") -> "Page":
        """`response`, to be kept instead of the one `before`, whose date it has if nothing has changed."""
        content, headers = response.content, sorted(response.items())
        etag = f'W/"{hashlib.blake2b(repr((content, headers)).encode(), digest_size=16).hexdigest()}"'
        changed_at = before.last_modified if before and before.etag == etag else int(time.time())
        headers = {**dict(headers), "ETag": etag, "Last-Modified": http_date(changed_at)}
        variants = {"": (content, {**headers, "Content-Length": str(len(content))})}
        for encoding in ENCODINGS:
            body = compressed(content, encoding, FOR_MANY)
            variants[encoding] = body, {**headers, "Content-Encoding": encoding, "Content-Length": str(len(body))}
        return cls(variants, etag, changed_at, response.fresh_until)

    def answer(self, request) -> HttpResponse:
        """The page in the best encoding that the browser takes, or 304 when it has it already."""
        content, headers = self.variants[best_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))]
        response = HttpResponse(b"" if request.method == "HEAD" else content, headers=headers)
        return get_conditional_response(request, etag=self.etag, last_modified=self.last_modified, response=response)


class SharedPages:
    """Keeps what the views marked by shared_for_a_second answer to all, and answers without them while it is fresh.

    To be placed before sessions, languages and the rest, whose headers are kept with the page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_for_everybody(request):
            return self.get_response(request)
        key = f"response:{request.path}"
        page = cache.get(key)
        if page and time.time() < page.fresh_until and has_our_host(request):
            return page.answer(request)
        response = self.get_response(request)
        if not hasattr(response, "fresh_until"):
            return response
        if is_visitors_own(request, response) or response.get("Vary", "Cookie") != "Cookie":
            add_never_cache_headers(response)
            return response
        patch_cache_control(response, public=True, max_age=MAX_AGE)
        patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
        page = Page.of(response, page)
        cache.set(key, page, REMEMBERED_SECONDS)
        return page.answer(request)


def has_our_host(request) -> bool:
    try:
        return bool(request.get_host())
    except DisallowedHost:
        return False  # to be refused as elsewhere
