"""Limits of requests per network address and of changes per person, counted in the database for all processes."""

import ipaddress
import time

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from registrations.models import Registration, SignUpCount

INCREMENT_SQL = """
    INSERT INTO registrations_signupcount (origin, "window", count) VALUES (%s, %s, 1)
    ON CONFLICT (origin, "window") DO UPDATE SET count = registrations_signupcount.count + 1
    RETURNING count
"""
# How many changes one person may make in the same window; each one sends an e-mail.
MAX_CHANGES = 30


def has_too_many_requests(request) -> bool:
    """Count this registration or link request for its network address; True beyond SIGNUP_RATE_LIMIT."""
    return count_request(get_client_network(request)) > settings.SIGNUP_RATE_LIMIT[0]


def has_too_many_changes(registration: Registration) -> bool:
    """Count a change through the personal link; True beyond MAX_CHANGES in the window of SIGNUP_RATE_LIMIT."""
    return count_request(f"registration {registration.pk}") > MAX_CHANGES


def count_request(origin: str) -> int:
    """Add one to the count of `origin` in the current window, and return the count."""
    window = int(time.time()) // settings.SIGNUP_RATE_LIMIT[1]
    with connection.cursor() as cursor:
        cursor.execute(INCREMENT_SQL, [hash_origin(origin), window])
        (number,) = cursor.fetchone()
    if number == 1:
        SignUpCount.objects.filter(window__lt=window).delete()
    return number


def get_seconds_left() -> int:
    """Return the seconds until the next window begins."""
    return settings.SIGNUP_RATE_LIMIT[1] - int(time.time()) % settings.SIGNUP_RATE_LIMIT[1]


def get_minutes_left() -> int:
    """The same in minutes, rounded up: at least 1."""
    return -(-get_seconds_left() // 60)


def get_client_address(request) -> str:
    """Return the network address that the request comes from.

    Behind TRUSTED_PROXY_HOPS proxies of ours, the outermost of them added it to X-Forwarded-For. Anything further
    left in that header comes from the visitor and cannot be trusted.
    """
    hops, forwarded = settings.TRUSTED_PROXY_HOPS, request.headers.get("X-Forwarded-For", "").split(",")
    address = forwarded[-hops].strip() if 0 < hops <= len(forwarded) else ""
    return address or request.META.get("REMOTE_ADDR", "")


def get_client_network(request) -> str:
    """Return the address, or for IPv6 its /64 network, as one household has all addresses of that."""
    address = get_client_address(request)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6 and not parsed.ipv4_mapped:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed if parsed.version == 4 else parsed.ipv4_mapped)


def hash_origin(origin: str) -> str:
    """Return a keyed hash, so that the table does not reveal network addresses."""
    return salted_hmac("registrations.rate_limit", origin, algorithm="sha256").hexdigest()
