"""Limits on guessing passwords and codes, counted before anything costly is done. They slow tries down and lock nobody.

Whoever guesses from one network soon gets a 429. From many networks, they only slow each other down: a person has a
count of their own on a device on which they have logged in before, and passkeys and new passwords by e-mail need no
name that anybody could exhaust.
"""

from functools import wraps

from allauth.account.internal.stagekit import unstash_login
from django.conf import settings
from django.core.signing import BadSignature
from django.shortcuts import render
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import ngettext

from registrations.rate_limit import count, get_client_networks, get_minutes_left, is_refused

# How often in how many seconds.
PER_NETWORK = (60, 600)
PER_NAME_AND_NETWORK = (10, 600)
PER_DEVICE = PER_USER = (20, 600)
PER_NAME = {"password": (20, 60), "code": (10, 600)}  # a code is short

DEVICE_COOKIE = "known_device"
DEVICE_SECONDS = 365 * 24 * 3600
SALT = "accounts.try_limits"


def limit_tries(view):
    """Decorate a view of an account: who sends it too much gets a page that says so (429), and nothing else happens."""

    @wraps(view)
    def limited_view(request, *args, **kwargs):
        if is_try(request) and has_too_many_tries(request):
            return render_too_many_tries(request)
        return view(request, *args, **kwargs)

    return limited_view


def limit_strangers(view):
    """Decorate a view that ends sessions: it lets nobody guess, and who is logged in needs it when a thief is, too."""
    limited = limit_tries(view)

    @wraps(view)
    def chosen_view(request, *args, **kwargs):
        return (view if request.user.is_authenticated else limited)(request, *args, **kwargs)

    return chosen_view


def is_try(request) -> bool:
    """Whether the request sends something, or asks for a challenge, for which a session is stored."""
    return request.method not in ("GET", "HEAD") or asks_for_challenge(request)


def asks_for_challenge(request) -> bool:
    """Whether a script asks for what a passkey is to answer."""
    return request.headers.get("Accept") == "application/json"


def has_too_many_tries(request) -> bool:
    """Count this try before anything else is done; True beyond a limit. The response gets its Retry-After."""
    request.retry_after, request.is_limit_of_network = 0, False
    if request.user.is_authenticated:
        request.retry_after = count("account", str(request.user.pk), PER_USER)
        return request.retry_after > 0
    scope, name = get_target(request)
    if name and (device := get_known_device(request, scope, name)):
        request.retry_after = count(f"{scope} by device", device, PER_DEVICE)
        return request.retry_after > 0
    request.is_limit_of_network = is_refused(request, "account", PER_NETWORK)
    return request.is_limit_of_network or bool(name and has_too_many_for_name(request, scope, name))


def has_too_many_for_name(request, scope: str, name: str) -> bool:
    """Count a try for the name from this network, and from anywhere; what the first refuses does not count twice."""
    network, _share = next(get_client_networks(request))
    request.retry_after = count(f"{scope} by network", f"{network} {name}", PER_NAME_AND_NETWORK)
    # Of codes, all networks together have no more.
    request.is_limit_of_network = request.retry_after > 0 and PER_NAME[scope] != PER_NAME_AND_NETWORK
    request.retry_after = request.retry_after or count(scope, name, PER_NAME[scope])
    return request.retry_after > 0


def get_target(request) -> tuple[str, str]:
    """Return what is guessed, and whose: of somebody who has entered the right password it is the code."""
    if request.resolver_match.url_name == "account_login":  # elsewhere a name would hide whose code is guessed
        typed = request.POST.get("login", "").strip()
        return ("password", typed.casefold()) if typed else ("", "")
    pending = unstash_login(request, peek=True)
    return ("code", pending.user.get_username().casefold()) if pending and pending.user else ("", "")


def get_known_device(request, scope: str, name: str) -> str:
    """Return the number of the device if it has its own count of what is guessed, else an empty text.

    The user with this name has logged in on it or, for passwords alone, has chosen a new one.
    """
    try:
        value = request.get_signed_cookie(DEVICE_COOKIE, "", salt=SALT, max_age=DEVICE_SECONDS)
    except BadSignature:
        return ""
    owner, _colon, device = value.partition(":")
    return device if owner in (hash_name(name), hash_name(f"{scope} {name}")) else ""


def remember_device(response, user, *, scope: str = "") -> None:
    """Let the browser that gets this response have a count of its own when the user logs in there again.

    With a `scope`, only of that: whoever can read a user's mail gets any number of devices by new passwords, and must
    not have tries at the codes on each.
    """
    name = user.get_username().casefold()
    value = f"{hash_name(f'{scope} {name}' if scope else name)}:{get_random_string(22)}"
    response.set_signed_cookie(
        DEVICE_COOKIE,
        value,
        salt=SALT,
        max_age=DEVICE_SECONDS,
        path="/account/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def hash_name(name: str) -> str:
    return salted_hmac(SALT, name, algorithm="sha256").hexdigest()


def render_too_many_tries(request):
    context = {"explanation": explain_limit(request, get_minutes_left(request))}
    return render(request, "account/too_many_tries.html", context, status=429)


def explain_limit(request, minutes: int) -> str:
    """Say when to try again, and where that can be done before, if anywhere."""
    elsewhere = ngettext(
        "Too many attempts have come from your network or for this user name. Nothing was checked. Please try again "
        "in %(minutes)d minute, or use another network such as mobile data.",
        "Too many attempts have come from your network or for this user name. Nothing was checked. Please try again "
        "in %(minutes)d minutes, or use another network such as mobile data.",
        minutes,
    )
    later = ngettext(
        "There have been too many attempts to log in to this account or to change it. Nothing was checked. Please try "
        "again in %(minutes)d minute.",
        "There have been too many attempts to log in to this account or to change it. Nothing was checked. Please try "
        "again in %(minutes)d minutes.",
        minutes,
    )
    return (elsewhere if request.is_limit_of_network else later) % {"minutes": minutes}
