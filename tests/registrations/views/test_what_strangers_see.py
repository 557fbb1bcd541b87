"""Whatever a stranger can read after a sign-up is the same, whether the address was registered before or not."""

import re

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver

from registrations.models import Registration
from tests.factories import make_event, make_form_data, make_registration

pytestmark = pytest.mark.django_db

KNOWN, NEW = "known@example.lv", "new@example.lv"
# Arguments of public addresses; those with others have a secret or are of static files.
SLUG = re.compile(r"<slug:slug>")


def list_routes(resolver: URLResolver, before: str = "") -> list[str]:
    """All routes of the site but the admin's, without what a language puts before them."""
    found = []
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern).removeprefix("en/").strip("^$")
        if isinstance(entry, URLResolver):
            found += [] if entry.namespace == "admin" else list_routes(entry, route)
        else:
            found.append(route)
    return found


def list_public_addresses(slug: str) -> list[str]:
    routes = {SLUG.sub(slug, route) for route in list_routes(get_resolver())}
    routes = {route for route in routes if not re.search(r"[<(\\]", route)}
    return sorted(f"/{language}/{route}" for language in ("lv", "en") for route in routes) + [
        f"/{route}" for route in sorted(routes)
    ]


def read_everything(client: Client, slug: str) -> dict[str, tuple]:
    """What every public address answers, without the tokens that are new each time."""
    cache.clear()
    answers = {}
    for address in list_public_addresses(slug):
        response = client.get(address)
        text = re.sub(rb'name="(csrfmiddlewaretoken|issued)" value="[^"]*"', b"", response.getvalue())
        answers[address] = response.status_code, response.get("Location"), text
    return answers


def sign_up_and_read(event, email: str) -> tuple[dict, int]:
    """What strangers read after this sign-up, and how many are registered then; nothing of it remains."""
    client = Client()
    with transaction.atomic():
        response = client.post(f"/en/{event.slug}/register/", make_form_data(event, email=email))
        assert response.status_code == 302
        read, number = read_everything(client, event.slug), Registration.objects.count()
        transaction.set_rollback(True)
    return {address: (*answer[:2], answer[2].replace(email.encode(), b"")) for address, answer in read.items()}, number


def fill(taken: int, **values):
    event = make_event(**values)
    for _number in range(taken - 1):
        make_registration(event)
    make_registration(event, email=KNOWN, last_name="Bērziņa")
    return event


@pytest.mark.parametrize(
    "values",
    [{"capacity": 20}, {"capacity": 20, "confirm_email": True}, {"capacity": 17}],
    ids=["a few places", "a few to confirm", "waiting list"],
)
def test_nothing_that_a_stranger_can_read_tells_a_known_address_from_a_new_one(values):
    event = fill(17, **values)
    with time_machine.travel("2026-11-23T12:00:00+02:00", tick=False):
        after_known, unchanged = sign_up_and_read(event, KNOWN)
        after_new, added = sign_up_and_read(event, NEW)
    assert (unchanged, added) == (17, 18)
    assert len(after_known) > 30
    assert after_known == after_new
    assert {answer[0] for answer in after_known.values()} == {200, 302, 401, 404, 405}


def test_the_last_place_tells_as_the_readme_says():
    event = fill(17, capacity=18)
    with time_machine.travel("2026-11-23T12:00:00+02:00", tick=False):
        after_known, _unchanged = sign_up_and_read(event, KNOWN)
        after_new, _added = sign_up_and_read(event, NEW)
    different = {address for address in after_known if after_known[address] != after_new[address]}
    assert f"/en/{event.slug}/" in different
    assert "/en/find/" not in different
