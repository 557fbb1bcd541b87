"""What every test stands on."""

import pytest
from django.core.cache import cache
from django.utils import translation

from tests.browser import chromium

collect_ignore = ["browser"] if chromium.IS_MISSED else []


def pytest_terminal_summary(terminalreporter):
    if chromium.IS_MISSED:
        terminalreporter.write_line("SKIPPED tests/browser: there is no chromium here to try the pages in.")


@pytest.fixture(autouse=True)
def _nothing_is_left_of_the_test_before():
    cache.clear()
    translation.activate("en")  # a request leaves its language behind


@pytest.fixture
def client(client):
    """A visitor's browser; it is told apart from other hosts by nothing but its address."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
