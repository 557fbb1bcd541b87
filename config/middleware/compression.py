"""Compresses pages: with brotli if the browser accepts it, else with gzip."""

import gzip
import re
from functools import lru_cache

import brotli
from django.conf import settings
from django.utils.cache import patch_vary_headers

ENCODINGS = ("br", "gzip")  # in order of preference
# A cached page is worth a quarter of a millisecond, a personal one a twentieth.
QUALITY_FOR_MANY, QUALITY_FOR_ONE = 5, 1
MIN_LENGTH = 500  # bytes; anything smaller fits into one packet anyway


@lru_cache(maxsize=100)
def choose_encoding(accepted: str) -> str:
    """Return the first of ENCODINGS that the Accept-Encoding header `accepted` allows; empty for none."""
    offers = ["".join(part.split()).partition(";") for part in accepted.lower().split(",")]
    refused = {name for name, _semicolon, weight in offers if re.fullmatch(r"q=0(\.0*)?", weight)}
    taken = {name for name, _semicolon, _weight in offers} - refused
    return next((one for one in ENCODINGS if one in taken or ("*" in taken and one not in refused)), "")


def compress(content: bytes, encoding: str, quality: int) -> bytes:
    if encoding == "br":
        return brotli.compress(content, mode=brotli.MODE_TEXT, quality=quality)
    return gzip.compress(content, quality, mtime=0)


class CompressionMiddleware:
    """Compresses HTML, except for logged-in users.

    An organiser's list contains the search text next to people's names, which an attacker could guess letter by letter
    from the compressed length (BREACH). Other pages leak nothing that way: a personal page needs its secret URL, no
    page repeats its query string, and Django masks a CSRF token differently in each response.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_html = response.get("Content-Type", "").startswith("text/html")
        if not is_html or response.streaming or response.has_header("Content-Encoding"):
            return response
        if len(response.content) < MIN_LENGTH:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        encoding = choose_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if encoding and settings.SESSION_COOKIE_NAME not in request.COOKIES:
            response.content = compress(response.content, encoding, QUALITY_FOR_ONE)
            response["Content-Encoding"] = encoding
            response["Content-Length"] = str(len(response.content))
        return response
