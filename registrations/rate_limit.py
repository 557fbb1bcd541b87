"""Limits of requests in windows of time that slide, counted in the database for all processes, by its clock.

A window is divided into SLOTS slots, and the requests of a slot count until a window has passed since its end. So no
period of that length ever has more requests than the limit. Requests that are refused do not count.
"""

import ipaddress
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from registrations.models import Registration, RequestCount

SLOTS = 10
# What a request weighs, and one that turns out to be cheap, such as a form with mistakes.
WHOLE, LITTLE = 5, 1
# How many times the limit of one IPv6 network of /64 the whole /48 has, which one customer can have too.
SHARE_OF_48 = 10
# How many changes one person may make in the time of SIGNUP_RATE_LIMIT; each one sends an e-mail.
MAX_CHANGES = 30
# How many times more often than registrations a form may be shown again in another language.
REFRESHES_PER_SIGN_UP = 10

# The function is in migration 0007.
ADD_SQL = "SELECT * FROM registrations_count_request(%(origin)s, %(slot)s, %(slots)s, %(weight)s, %(most)s)"
WAIT_SQL = """
    SELECT ceil(extract(epoch FROM min(expires_at) - clock_timestamp())) FROM (
        SELECT expires_at, sum(weight) OVER () AS total, sum(weight) OVER (ORDER BY expires_at) AS gone
        FROM registrations_requestcount WHERE origin = %(origin)s AND expires_at > clock_timestamp()
    ) AS counted WHERE total >= %(most)s AND total - gone < %(most)s
"""


class TooManyRequests(Exception):
    """The request was refused, and gets a page that says so (429): see config.middleware.request_checks."""


def count(scope: str, origin: str, limit: tuple[int, int]) -> int:
    """Count one request of `origin` and return 0; or leave it uncounted and return how many seconds it has to wait."""
    return 0 if add(scope, origin, limit)[0] else max(1, get_wait(scope, origin, limit))


def is_above(scope: str, origin: str, limit: tuple[int, int]) -> bool:
    """Count one request of `origin` however many there were; True if the limit does not allow for it."""
    _pk, total = add(scope, origin, limit, is_refusable=False)
    return total > limit[0] * WHOLE


def add(scope: str, origin: str, limit: tuple[int, int], *, is_refusable: bool = True) -> tuple:
    """Count a request; return its row's number and what all in the window weigh, or None twice above the limit."""
    times, seconds = limit
    values = {
        "origin": hash_origin(scope, origin),
        "slot": timedelta(seconds=seconds) / SLOTS,
        "slots": SLOTS + 1,
        "weight": WHOLE,
        "most": times * WHOLE if is_refusable else 2**31 - 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(ADD_SQL, values)
        return cursor.fetchone()


def get_wait(scope: str, origin: str, limit: tuple[int, int]) -> int:
    """Return in how many seconds one more request of `origin` is within the limit; 0 for now."""
    values = {"origin": hash_origin(scope, origin), "most": limit[0] * WHOLE}
    with connection.cursor() as cursor:
        cursor.execute(WAIT_SQL, values)
        return int(cursor.fetchone()[0] or 0)


def is_refused(request, scope: str, limit: tuple[int, int]) -> bool:
    """Count this request in `scope` for the network it comes from; True beyond the `limit` of one network.

    A response with status 429 then gets its Retry-After.
    """
    times, seconds = limit
    request.counts = []
    for network, share in get_client_networks(request):
        number, _total = add(scope, network, (times * share, seconds))
        if number is None:
            RequestCount.objects.filter(pk__in=request.counts).update(weight=F("weight") - WHOLE)
            request.retry_after = max(1, get_wait(scope, network, (times * share, seconds)))
            return True
        request.counts.append(number)
    return False


def count_refresh(request) -> None:
    """Count a form that is only to be shown again, which may happen more often. Raises TooManyRequests."""
    times, seconds = settings.SIGNUP_RATE_LIMIT
    if is_refused(request, "refresh", (times * REFRESHES_PER_SIGN_UP, seconds)):
        raise TooManyRequests


def has_too_many_changes(request, registration: Registration) -> bool:
    """Count a change through the personal link; True beyond MAX_CHANGES in the time of SIGNUP_RATE_LIMIT."""
    request.retry_after = count("change", str(registration.pk), (MAX_CHANGES, settings.SIGNUP_RATE_LIMIT[1]))
    return request.retry_after > 0


def weigh_little(request) -> None:
    """Let what `is_refused` counted weigh little: the form had mistakes, so a whole library may send many of them."""
    lighter = Greatest(F("weight") - (WHOLE - LITTLE), 0)
    RequestCount.objects.filter(pk__in=request.counts).update(weight=lighter)


def get_minutes_left(request) -> int:
    """Return in how many minutes, rounded up, a refused request can be repeated."""
    return -(-request.retry_after // 60)


def get_refusal(request) -> str:
    """Return what a refused visitor reads, in the active language."""
    minutes = get_minutes_left(request)
    text = ngettext(
        "Too many requests have come from your network. Please try again in %(minutes)d minute, or use another "
        "network such as mobile data.",
        "Too many requests have come from your network. Please try again in %(minutes)d minutes, or use another "
        "network such as mobile data.",
        minutes,
    )
    return text % {"minutes": minutes}


def get_client_address(request) -> str:
    """Return the network address that the request comes from.

    Behind TRUSTED_PROXY_HOPS proxies of ours, the outermost of them added it to X-Forwarded-For. Anything further
    left in that header comes from the visitor and cannot be trusted.
    """
    hops, forwarded = settings.TRUSTED_PROXY_HOPS, request.headers.get("X-Forwarded-For", "").split(",")
    address = forwarded[-hops].strip() if 0 < hops <= len(forwarded) else ""
    return address or request.META.get("REMOTE_ADDR", "")


def get_client_networks(request) -> Iterator[tuple[str, int]]:
    """Yield the networks that the request counts for, and how many times the limit each has.

    One household has all addresses of an IPv6 /64, and many a customer 65,536 of those: a /48.
    """
    address = get_client_address(request)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        yield address, 1
        return
    if parsed.version == 6 and not parsed.ipv4_mapped:
        yield str(ipaddress.ip_network((parsed, 64), strict=False)), 1
        yield str(ipaddress.ip_network((parsed, 48), strict=False)), SHARE_OF_48
    else:
        yield str(parsed if parsed.version == 4 else parsed.ipv4_mapped), 1


def get_origin(request) -> str:
    """Return a keyed hash of the largest network that one customer can have and the request comes from."""
    *_smaller, (network, _share) = get_client_networks(request)
    return hash_origin("registration", network)


def hash_origin(scope: str, origin: str) -> str:
    """Return a keyed hash, so that the table does not reveal network addresses."""
    return salted_hmac(f"registrations.rate_limit.{scope}", origin, algorithm="sha256").hexdigest()
