"""What comes over the wire for the event page, served as in production."""

import re

import pytest
from django.core.management import call_command

from bench.load import HOST, request, server
from bench.phone import open_phone, visit
from tests.browser.gunicorn_site import find_free_port

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.proof,
    pytest.mark.slow,
    pytest.mark.xdist_group("production"),
]

FOR_EVER = "max-age=315360000, public, immutable"


@pytest.fixture(scope="module")
def gunicorn(production):
    """The port at which gunicorn serves the tests' database."""
    port = find_free_port()
    with server("config.wsgi:application", production, workers=2, port=port):
        yield port


@pytest.fixture
def port(gunicorn):
    """Where gunicorn serves the example."""
    call_command("load_conference", verbosity=0)
    return gunicorn


@pytest.fixture
def context(browser):
    context = open_phone(browser)
    yield context
    context.close()


@pytest.mark.parametrize("language", ["lv", "en"])
def test_a_first_visit_is_light_and_a_second_fetches_at_most_the_page(port, context, language):
    path = f"/{language}/di-xl/"
    first, second = (visit(context, f"http://{HOST}:{port}{path}") for _visit in range(2))
    print(f"{path}: {first.size} bytes in {len(first.received)} requests, then {second.size}")  # noqa: T201 (shown by -s)
    assert path in first.received
    assert first.size <= 60 * 1024
    assert len(first.received) <= 6
    assert first.shift == second.shift == 0
    assert set(second.received) <= {path}


def test_what_a_page_is_made_of_is_kept_for_ever_and_compressed(port):
    _status, _head, page = request("GET", "/lv/di-xl/", port=port)
    files = set(re.findall(r'"(/static/[^"]+)"', page.decode()))
    encodings = {"css": "br", "svg": "br", "woff2": None}
    assert {path.rpartition(".")[2] for path in files} == set(encodings)
    for path in files:
        status, head, _body = request("GET", path, headers="Accept-Encoding: gzip, br\r\n", port=port)
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines()[1:])
        assert status == 200
        assert headers["Cache-Control"] == FOR_EVER
        assert headers.get("Content-Encoding") == encodings[path.rpartition(".")[2]]


def test_a_head_request_gets_no_body_from_the_server(port):
    for _visit in range(2):
        status, head, body = request("HEAD", "/lv/di-xl/", port=port)
        assert status == 200
        assert b"Content-Length: " in head
        assert body == b""
