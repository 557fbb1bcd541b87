"""What every test stands on."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from tests.browser import chromium

collect_ignore = ["browser"] if chromium.IS_MISSED else []


def pytest_terminal_summary(terminalreporter):
    if chromium.IS_MISSED:
        terminalreporter.write_line("SKIPPED tests/browser: there is no chromium here to try the pages in.")


@pytest.fixture(scope="session", autouse=True)
def _nobody_is_left_in_the_database(django_db_setup, django_db_blocker):
    """The threads that served the browser may still be connected when the database is to be dropped."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _nothing_is_left_of_the_test_before():
    cache.clear()
    translation.activate("en")  # a request leaves its language behind


@pytest.fixture(autouse=True)
def _e_mail_goes_out_without_pauses(settings):
    settings.EMAIL_RATE = (1_000_000, 1)


@pytest.fixture
def client(client):
    """A visitor's browser that asks for English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
