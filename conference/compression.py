"""Pages go over the wire compressed: with brotli where the browser takes it, else with gzip."""

import gzip
import re
from functools import lru_cache

import brotli
from django.conf import settings
from django.utils.cache import patch_vary_headers

# The best first.
ENCODINGS = ("br", "gzip")
# How hard both try. A page that many read gets a quarter of a millisecond, a visitor's own a twentieth.
FOR_MANY, FOR_ONE = 5, 1
# Bytes; what is smaller fits into one packet anyway.
ENOUGH = 500


@lru_cache(maxsize=100)
def best_encoding(accepted: str) -> str:
    """The first of ENCODINGS that the Accept-Encoding header `accepted` takes; empty for none."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        weights[name.strip()] = weight.replace(" ", "")
    refused = {name for name, weight in weights.items() if re.fullmatch(r"q=0(\.0*)?", weight)}
    taken = weights.keys() - refused
    return next((one for one in ENCODINGS if one in taken or ("*" in taken and one not in refused)), "")


def compressed(content: bytes, encoding: str, effort: int) -> bytes:
    """`content` in this encoding, one of ENCODINGS, or as it is when the encoding is empty."""
    if encoding == "br":
        return brotli.compress(content, mode=brotli.MODE_TEXT, quality=effort)
    return gzip.compress(content, effort, mtime=0) if encoding else content


class CompressPages:
    """Compresses HTML, but not for whoever is logged in.

    An organiser's list holds what was searched for beside people's names: from the length of such a page, compressed,
    a stranger who makes the browser ask for it again and again could guess a name letter by letter (BREACH). Other
    pages tell nothing that way: one behind a personal link cannot be asked for without its secret address, no page
    repeats an address's query, and Django masks a CSRF token anew in each.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.streaming or hasattr(response, "fresh_until") or not is_worth_it(response):
            return response  # the second is a page for all, of which SharedPages keeps each form
        patch_vary_headers(response, ["Accept-Encoding"])
        encoding = best_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if encoding and settings.SESSION_COOKIE_NAME not in request.COOKIES:
            response.content = compressed(response.content, encoding, FOR_ONE)
            response["Content-Encoding"] = encoding
            response["Content-Length"] = str(len(response.content))
        return response


def is_worth_it(response) -> bool:
    return len(response.content) >= ENOUGH and response.get("Content-Type", "").startswith("text/html")
