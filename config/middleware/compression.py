"""Pages go over the wire compressed: with brotli where the browser takes it, else with gzip."""

import gzip
import re
from functools import lru_cache

import brotli
from django.conf import settings
from django.utils.cache import patch_vary_headers

# The best first.
ENCODINGS = ("br", "gzip")
# A page that many read gets a quarter of a millisecond, a visitor's own a twentieth.
QUALITY_FOR_MANY, QUALITY_FOR_ONE = 5, 1
# In bytes; what is smaller fits into one packet anyway.
MIN_LENGTH = 500


@lru_cache(maxsize=100)
def choose_encoding(accepted: str) -> str:
    """The first of ENCODINGS that the Accept-Encoding header `accepted` takes; empty for none."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        weights[name.strip()] = weight.replace(" ", "")
    refused = {name for name, weight in weights.items() if re.fullmatch(r"q=0(\.0*)?", weight)}
    taken = weights.keys() - refused
    return next((one for one in ENCODINGS if one in taken or ("*" in taken and one not in refused)), "")


def compress(content: bytes, encoding: str, quality: int) -> bytes:
    """`content` in this encoding, one of ENCODINGS."""
    if encoding == "br":
        return brotli.compress(content, mode=brotli.MODE_TEXT, quality=quality)
    return gzip.compress(content, quality, mtime=0)


class CompressionMiddleware:
    """Compresses HTML, but not for whoever is logged in.

    An organiser's list holds what was searched for beside people's names: from the length of such a page, compressed,
    a stranger who makes the browser ask for it again and again could guess a name letter by letter (BREACH; Django's
    GZipMiddleware blurs the length and compresses it all the same). Other pages tell nothing that way: one behind a
    personal link cannot be asked for without its secret address, no page repeats an address's query, and Django masks
    a CSRF token differently in each.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.streaming or response.has_header("Content-Encoding") or not is_worth_compressing(response):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        encoding = choose_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if encoding and settings.SESSION_COOKIE_NAME not in request.COOKIES:
            response.content = compress(response.content, encoding, QUALITY_FOR_ONE)
            response["Content-Encoding"] = encoding
            response["Content-Length"] = str(len(response.content))
        return response


def is_worth_compressing(response) -> bool:
    return len(response.content) >= MIN_LENGTH and response.get("Content-Type", "").startswith("text/html")
