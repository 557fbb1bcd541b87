"""Limits of requests in windows of time that slide, counted in the database for all processes, by its clock.

A window is divided into SLOTS slots, and the requests of a slot count until a window has passed since its end. So no
period of that length ever has more requests than the limit. Requests that are refused do not count.
"""

import ipaddress
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from registrations.models import Registration, RequestCount

SLOTS = 10
# What a request weighs, and a cheap one: a form with mistakes, of which a whole library may send many.
WHOLE, LITTLE = 5, 1
# How many times the limit of one IPv6 network of /64 the whole /48 has, which one customer can have too.
SHARE_OF_48 = 10
# How many changes one person may make in the time of SIGNUP_RATE_LIMIT; each one sends an e-mail.
MAX_CHANGES = 30
# How many times more often than registrations a form may be shown again in another language.
REFRESHES_PER_SIGN_UP = 10

# The function is in migration 0007. One statement counts for all limits, in their order.
COUNT_SQL = """
    SELECT counted.* FROM unnest(%(origins)s, %(slots)s, %(most)s::bigint[]) AS asked (origin, slot, most),
        registrations_count_request(asked.origin, asked.slot, %(number_of_slots)s, %(weight)s, asked.most) AS counted
"""
WAIT_SQL = """
    SELECT ceil(extract(epoch FROM min(expires_at) - clock_timestamp())) FROM (
        SELECT expires_at, sum(weight) OVER () AS total, sum(weight) OVER (ORDER BY expires_at) AS gone
        FROM registrations_requestcount WHERE origin = %(origin)s AND expires_at > clock_timestamp()
    ) AS counted WHERE total >= %(most)s AND total - gone < %(most)s
"""


class TooManyRequests(Exception):
    """The request was refused, and gets a page that says so (429): see config.middleware.request_checks."""


class Limit(NamedTuple):
    """How many `times` in so many `seconds` requests of an origin are counted in a scope before they are refused."""

    scope: str
    origin: str
    times: int
    seconds: int
    # A watched limit refuses nobody, and counts however many there are.
    is_watched: bool = False

    @property
    def hashed_origin(self) -> str:
        return hash_origin(self.scope, self.origin)


class Counted(NamedTuple):
    """The row that a request was counted in, and what all in the window weigh. Both are None above the limit."""

    pk: int | None
    total: int | None


def count(scope: str, origin: str, limit: tuple[int, int]) -> int:
    """Count one request of `origin` and return 0; or leave it uncounted and return how many seconds it has to wait."""
    limit = Limit(scope, origin, *limit)
    return 0 if count_all([limit])[0].pk else max(1, get_wait(limit))


def count_all(limits: Sequence[Limit], weight: int = WHOLE) -> list[Counted]:
    """Count a request for each of the `limits` that allow for it."""
    values = {
        "origins": [limit.hashed_origin for limit in limits],
        "slots": [timedelta(seconds=limit.seconds) / SLOTS for limit in limits],
        "most": [2**31 - 1 if limit.is_watched else limit.times * WHOLE for limit in limits],
        "number_of_slots": SLOTS + 1,
        "weight": weight,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT_SQL, values)
        return [Counted(*row) for row in cursor.fetchall()]


def get_wait(limit: Limit) -> int:
    """Return in how many seconds one more request is within the limit; 0 for now."""
    with connection.cursor() as cursor:
        cursor.execute(WAIT_SQL, {"origin": limit.hashed_origin, "most": limit.times * WHOLE})
        return int(cursor.fetchone()[0] or 0)


def is_refused(request, scope: str, limit: tuple[int, int], *, weight: int = WHOLE, watched: Limit | None = None):
    """Count this request in `scope` for the network it comes from; True beyond the `limit` of one network.

    A response with status 429 then gets its Retry-After. Otherwise, `request.is_above_watched` tells whether what was
    counted is more than the `watched` limit.
    """
    times, seconds = limit
    limits = [Limit(scope, network, times * share, seconds) for network, share in get_client_networks(request)]
    limits += [watched] if watched else []
    counted = count_all(limits, weight)
    refusals = [limit for limit, one in zip(limits, counted, strict=True) if one.pk is None]
    if refusals:
        rows = RequestCount.objects.filter(pk__in=[one.pk for one in counted if one.pk])
        rows.update(weight=Greatest(F("weight") - weight, 0))
        request.retry_after = max(1, *map(get_wait, refusals))
        return True
    request.is_above_watched = bool(watched) and counted[-1].total > watched.times * WHOLE
    return False


def count_refresh(request) -> None:
    """Count a form that is only to be shown again, which may happen more often. Raises TooManyRequests."""
    times, seconds = settings.SIGNUP_RATE_LIMIT
    if is_refused(request, "refresh", (times * REFRESHES_PER_SIGN_UP, seconds)):
        raise TooManyRequests


def has_too_many_sign_ups(request, *, is_valid: bool) -> bool:
    """Count a registration form that was sent; True beyond SIGNUP_RATE_LIMIT.

    `request.is_in_burst` tells of a valid one whether more than BURST_LIMIT have come from its network.
    """
    burst = Limit("burst", get_origin(request), *settings.BURST_LIMIT, is_watched=True) if is_valid else None
    weight = WHOLE if is_valid else LITTLE
    if is_refused(request, "sign-up", settings.SIGNUP_RATE_LIMIT, weight=weight, watched=burst):
        return True
    request.is_in_burst = request.is_above_watched
    return False


def has_too_many_changes(request, registration: Registration) -> bool:
    """Count a change through the personal link; True beyond MAX_CHANGES in the time of SIGNUP_RATE_LIMIT."""
    request.retry_after = count("change", str(registration.pk), (MAX_CHANGES, settings.SIGNUP_RATE_LIMIT[1]))
    return request.retry_after > 0


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
