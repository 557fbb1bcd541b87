"""Public pages are rendered once a second, not once a visitor.

Views declare them with `conference.decorators.public_page`. What is kept is whole: each compressed form of the page
with its headers, so that nothing but this has to run while it is fresh.
"""

import hashlib
import re
import time
from typing import NamedTuple

from django.core.cache import cache
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from conference.decorators import is_public_request
from config.middleware.compression import ENCODINGS, QUALITY_FOR_MANY, choose_encoding, compress

FRESH_SECONDS = 1
# How long it is remembered when a page last changed.
REMEMBERED_SECONDS = 24 * 3600
# What the paths of public pages are made of; nothing else is looked for among them.
PATH = re.compile(r"[\w/.-]{1,200}")
TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[^"]*')


class Page(NamedTuple):
    """A public page as it is kept: its body and headers by encoding, for those who take none by the empty one."""

    variants: dict[str, tuple[bytes, dict[str, str]]]
    has_token: bool
    etag: str
    last_modified: int
    fresh_until: float

    @classmethod
    def build(cls, response, before: "Page | None") -> "Page":
        """`response`, to be kept instead of the page `before`, whose date it has if nothing has changed."""
        content, headers = response.content, dict(response.items())
        fresh_until = time.time() + FRESH_SECONDS
        if response.has_token:
            return cls({"": (content, headers)}, True, "", 0, fresh_until)
        etag = f'W/"{hashlib.blake2b(repr((content, sorted(headers.items()))).encode(), digest_size=16).hexdigest()}"'
        last_modified = before.last_modified if before and before.etag == etag else int(time.time())
        headers |= {"ETag": etag, "Last-Modified": http_date(last_modified)}
        variants = {"": (content, {**headers, "Content-Length": str(len(content))})}
        for encoding in ENCODINGS:
            body = compress(content, encoding, QUALITY_FOR_MANY)
            variants[encoding] = body, {**headers, "Content-Encoding": encoding, "Content-Length": str(len(body))}
        return cls(variants, False, etag, last_modified, fresh_until)

    def respond(self, request) -> HttpResponse:
        """The page in the best encoding that the browser takes, or 304 when it has it already."""
        if self.has_token:
            return insert_token(request, HttpResponse(self.variants[""][0], headers=self.variants[""][1]))
        content, headers = self.variants[choose_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))]
        response = HttpResponse(b"" if request.method == "HEAD" else content, headers=headers)
        return get_conditional_response(request, etag=self.etag, last_modified=self.last_modified, response=response)


def insert_token(request, response: HttpResponse) -> HttpResponse:
    """The response with the visitor's own CSRF token and cookie; the token that was kept belongs to nobody."""
    middleware = CsrfViewMiddleware(lambda request: response)
    middleware.process_request(request)
    response.content = TOKEN.sub(get_token(request).encode(), response.content)
    response["Content-Length"] = str(len(response.content))
    return middleware.process_response(request, response)


class PageCacheMiddleware:
    """Keeps public pages, and answers with them while they are fresh.

    Stands before sessions, languages and whatever else adds headers, which are kept with the page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not (is_public_request(request) and PATH.fullmatch(request.path)):
            return self.get_response(request)
        page = cache.get(f"page:{request.path}")
        if page and time.time() < page.fresh_until and has_allowed_host(request):
            return page.respond(request)
        response = self.get_response(request)
        if not getattr(response, "is_public_page", False):
            return response
        if response.cookies or response.get("Vary", "Cookie") != "Cookie":
            # Something else than the view made it one visitor's own.
            del response["Cache-Control"]
            add_never_cache_headers(response)
            return response
        patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
        page = Page.build(response, page)
        cache.set(f"page:{request.path}", page, REMEMBERED_SECONDS)
        return page.respond(request)


def has_allowed_host(request) -> bool:
    try:
        return bool(request.get_host())
    except DisallowedHost:
        return False  # to be refused as elsewhere
