"""How much one network address or person may send in a window of time, counted in the database for all processes."""

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


# What one person may do with their registration in the same window; each deed sends an e-mail.
MAX_CHANGES = 30


def has_too_many_requests(request) -> bool:
    """Count this sign-up, or search for a link, for the address it comes from; True beyond SIGNUP_RATE_LIMIT."""
    return count_request(get_client_network(request)) > settings.SIGNUP_RATE_LIMIT[0]


def has_too_many_changes(registration: Registration) -> bool:
    """Count a change of this registration by its own link; True beyond DEEDS in the window of SIGNUP_RATE_LIMIT."""
    return count_request(f"registration {registration.pk}") > MAX_CHANGES


def count_request(origin: str) -> int:
    """Count one more for `origin`, and return how many that makes in this window of time."""
    window = int(time.time()) // settings.SIGNUP_RATE_LIMIT[1]
    with connection.cursor() as cursor:
        cursor.execute(INCREMENT_SQL, [hash_origin(origin), window])
        (number,) = cursor.fetchone()
    if number == 1:
        SignUpCount.objects.filter(window__lt=window).delete()
    return number


def get_seconds_left() -> int:
    """In how many seconds the next window of time begins, when everybody may send again."""
    return settings.SIGNUP_RATE_LIMIT[1] - int(time.time()) % settings.SIGNUP_RATE_LIMIT[1]


def get_client_address(request) -> str:
    """The network address that the request comes from.

    Behind TRUSTED_PROXY_HOPS proxies of ours it is what the outermost of them wrote into X-Forwarded-For;
    anything further left in that header was written by the visitor and is not believed.
    """
    hops = settings.TRUSTED_PROXY_HOPS
    forwarded = [address.strip() for address in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if hops and len(forwarded) >= hops and forwarded[-hops]:
        return forwarded[-hops]
    return request.META.get("REMOTE_ADDR", "")


def get_client_network(request) -> str:
    """The address itself, or for IPv6 its /64: one household has that many."""
    address = get_client_address(request)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def hash_origin(origin: str) -> str:
    """Whom it stands for cannot be read from the table without the secret key."""
    return salted_hmac("registrations.rate_limit", origin, algorithm="sha256").hexdigest()
