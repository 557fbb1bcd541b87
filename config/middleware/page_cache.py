"""Caches what `conference.decorators.public_page` declares, so that a page is rendered every two seconds for all."""

import hashlib
import re
import time
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from conference.decorators import is_public_request
from config.middleware.compression import ENCODINGS, QUALITY_FOR_MANY, choose_encoding, compress

FRESH_SECONDS = 2
REMEMBERED_SECONDS = 24 * 3600  # the date of its last change
PATH = re.compile(r"[\w/.-]{1,200}")  # nothing else is looked up in the cache
SESSION_KEY = re.compile(r"[0-9a-z]{32}")


class Page(NamedTuple):
    """A cached page: body and headers for each encoding, and uncompressed for the empty one."""

    variants: dict[str, tuple[bytes, dict[str, str]]]
    etag: str
    last_modified: int
    fresh_until: float

    @classmethod
    def build(cls, response, before: "Page | None") -> "Page":
        """Build the page from a response. It keeps the date of the page `before` if nothing has changed."""
        content, headers = response.content, dict(response.items())
        fresh_until = time.time() + FRESH_SECONDS
        etag = f'W/"{hashlib.blake2b(repr((content, sorted(headers.items()))).encode(), digest_size=16).hexdigest()}"'
        last_modified = before.last_modified if before and before.etag == etag else int(time.time())
        headers |= {"ETag": etag, "Last-Modified": http_date(last_modified)}
        variants = {"": (content, {**headers, "Content-Length": str(len(content))})}
        for encoding in ENCODINGS:
            body = compress(content, encoding, QUALITY_FOR_MANY)
            variants[encoding] = body, {**headers, "Content-Encoding": encoding, "Content-Length": str(len(body))}
        return cls(variants, etag, last_modified, fresh_until)

    def respond(self, request) -> HttpResponse:
        """Return the page in the best encoding that the browser accepts, or 304 if it has the page already."""
        content, headers = self.variants[choose_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))]
        response = HttpResponse(b"" if request.method == "HEAD" else content, headers=headers)
        return get_conditional_response(request, etag=self.etag, last_modified=self.last_modified, response=response)


class PageCacheMiddleware:
    """Serves public pages while they are fresh. It comes before all middleware that adds headers, to cache them too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        forget_impossible_session(request)
        if not (is_public_request(request) and PATH.fullmatch(request.path)):
            return self.get_response(request)
        page = cache.get(f"page:{request.path}")
        if page and time.time() < page.fresh_until and has_allowed_host(request):
            return page.respond(request)
        response = self.get_response(request)
        if not getattr(response, "is_public_page", False):
            return response
        if response.cookies or response.get("Vary", "Cookie") != "Cookie":  # other middleware made it personal
            del response["Cache-Control"]
            add_never_cache_headers(response)
            return response
        patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
        page = Page.build(response, page)
        cache.set(f"page:{request.path}", page, REMEMBERED_SECONDS)
        return page.respond(request)


def forget_impossible_session(request) -> None:
    """Whoever sends a session cookie that Django cannot have set gets the pages that all visitors share."""
    if not SESSION_KEY.fullmatch(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)


def has_allowed_host(request) -> bool:
    try:
        return bool(request.get_host())
    except DisallowedHost:
        return False  # refused by CommonMiddleware as usual
