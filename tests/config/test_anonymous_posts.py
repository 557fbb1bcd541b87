"""Whatever anybody can send to the site without logging in, a limit ends it. The site map tells what that is."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils.translation import override

from accounts import try_limits
from registrations import rate_limit
from tests.factories import make_event, make_registration
from tests.registrations.admin.crawl import ARGUMENT, collect_routes

pytestmark = pytest.mark.django_db

MOST = 1
# Where the admin leads without doing anything.
LOG_IN = ("/admin/", "/account/log-in/")
# What does nothing: it leads there, asks for a right, or there is no such page (any more) or no such method.
NOTHING_DONE = {"log in", 401, 403, 404, 405, 410}
# Looks a link up as every GET does: nobody's address is to be confirmed.
HARMLESS = "/new-address/"


@pytest.fixture(autouse=True)
def _limits_are_low(settings, monkeypatch):
    for name in ("SIGNUP_RATE_LIMIT", "FIND_RATE_LIMIT"):
        setattr(settings, name, (MOST, 3600))
    monkeypatch.setattr(try_limits, "PER_NETWORK", (MOST, 3600))
    monkeypatch.setattr(rate_limit, "MAX_CHANGES", MOST)
    monkeypatch.setattr(rate_limit, "REFRESHES_PER_SIGN_UP", 1)


@pytest.fixture
def values():
    """What the arguments of addresses can be."""
    registration = make_registration(make_event(embed_sites=["https://example.org"]), "pending")
    numbers = dict.fromkeys(["pk", "id", "object_id", "content_type_id", "registration", "choice"], "1")
    texts = dict.fromkeys(["key", "digest", "uidb64", "app_label", "url"], "x")
    return {**numbers, **texts, "slug": registration.event.slug, "signed": registration.manage_token}


def collect_paths(values: dict) -> list[str]:
    with override("en"):
        routes = collect_routes(get_resolver())
        return sorted({f"/{ARGUMENT.sub(lambda found: values.get(found['name'], '1'), route)}" for route in routes})


def send(path: str) -> list[int | str]:
    """Send forms with nothing in them until one is refused; returns the statuses."""
    client, statuses = Client(), []
    for _time in range(rate_limit.WHOLE * MOST + 2):
        response = client.post(path, {"nothing": "1"})
        is_led_away = path.startswith("/admin/") and response.headers.get("Location", "").startswith(LOG_IN)
        statuses.append("log in" if is_led_away else response.status_code)
        if statuses[-1] not in {200, 302}:
            break
    return statuses


def test_every_address_that_takes_something_from_anybody_refuses_too_much_of_it(values):
    paths = collect_paths(values)
    assert {"/account/log-in/", "/en/find/", f"/en/r/{values['signed']}/erase/"} < set(paths)
    endless = {}
    for path in paths:
        before = transaction.savepoint()
        statuses = send(path)
        transaction.savepoint_rollback(before)
        if statuses[-1] not in {429, *NOTHING_DONE} and not path.endswith(HARMLESS):
            endless[path] = statuses
    assert endless == {}
