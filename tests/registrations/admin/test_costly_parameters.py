"""No parameter of a list, however long or often repeated, gives the database or the memory more than a little work."""

from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_event, make_registration, make_user
from tests.memory import MEGABYTE, at_most_megabytes
from tests.registrations.admin.full_event import OURS, make_full_event
from tests.registrations.admin.requests import EXPORT_URL, LIST_URL, get_page

pytestmark = pytest.mark.django_db

# Besides the filters, what Django's lists read, and what no list knows.
STOCK_PARAMETERS = ["q", "o", "p", "all", "e", "_popup", "_to_field", "unknown"]
LONG = {"words": " ".join(map(str, range(1000))), "one word": "a" * 4096, "numbers": "1,2.-3," * 585}


class Cost(NamedTuple):
    """What a response took: its status, the number of queries and their length, and the size of the page."""

    status: int
    queries: int
    sql: int
    size: int


def measure(client: Client, address: str, query) -> Cost:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(f"{address}?{urlencode(query, doseq=True)}")
    sql = sum(len(one["sql"]) for one in asked.captured_queries)
    return Cost(response.status_code, len(asked), sql, len(response.getvalue()))


def list_addresses() -> list[str]:
    """The lists of the admin, and a page about the people that a list shows."""
    lists = [reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist") for model in admin.site._registry]
    return [*lists, EXPORT_URL]


def list_parameters(client: Client, address: str) -> list[str]:
    """What the list reads of its address."""
    response = client.get(LIST_URL if address == EXPORT_URL else address, {"event": OURS.number}, follow=True)
    changelist = response.context.get("cl")
    filters = [name for spec in changelist.filter_specs for name in spec.expected_parameters()] if changelist else []
    return list(dict.fromkeys([*STOCK_PARAMETERS, *filters]))


def pytest_generate_tests(metafunc):
    if "address" in metafunc.fixturenames:
        addresses = list_addresses() if metafunc.config.getoption("matrix") else [LIST_URL]
        metafunc.parametrize("address", addresses)


@pytest.fixture
def superuser():
    user = make_user(is_superuser=True)
    make_full_event(OURS, user)
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.matrix
def test_every_parameter_is_answered_with_little_work(superuser, address):
    """Two events, so that no filter is chosen by itself."""
    make_event()
    client, costly, found = superuser, {}, set()
    plain = measure(client, address, {})
    values = [*LONG.values(), list(range(1000))]
    for name in list_parameters(client, address):
        for value in values:
            with at_most_megabytes(6):
                cost = measure(client, address, {name: value})
            found.add(cost.status)
            if cost.queries > plain.queries + 5 or cost.sql > plain.sql + 20_000 or cost.size > plain.size + MEGABYTE:
                costly[name, str(value)[:20]] = cost
    assert costly == {}
    assert found <= {200, 302, 400, 403}


def test_a_long_search_says_what_it_left_out(organiser):
    make_registration(make_event(), last_name="Kalniņa")
    told = "Only the first 10 words and 200 characters of the search were looked for."
    assert told in get_page(organiser, LIST_URL, q=f"kalnina {'x' * 200}")
    assert told not in get_page(organiser, LIST_URL, q="kalnina Anna " * 3)
    assert "Kalniņa" in get_page(organiser, LIST_URL, q="kalnina " * 500)


@pytest.mark.parametrize("query", [{"status__exact": ["confirmed"] * 1000}, {"tag": "x" * 4096}, {"o": "1." * 1000}])
def test_an_address_that_no_link_has_leads_back_to_the_list(organiser, query):
    make_registration(make_event())
    response = organiser.get(LIST_URL, query)
    assert (response.status_code, response["Location"]) == (302, f"{LIST_URL}?e=1")
    if "o" not in query:  # that page has an order of its own
        response = organiser.get(EXPORT_URL, query)
        assert (response.status_code, response["Location"]) == (302, LIST_URL)


def test_no_address_fills_in_a_form(superuser):
    """Django would fill in texts where a field needs a time, and fail."""
    page = get_page(superuser, reverse("admin:conference_event_add"), starts_at="x", new_city="from-the-address")
    assert 'value="from-the-address"' not in page
