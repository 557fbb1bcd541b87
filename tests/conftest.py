"""What every test stands on."""

from pathlib import Path

import hypothesis
import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.utils import translation

from tests import clocks, database
from tests.browser import chromium

BROWSER = Path(__file__).parent / "browser"
collect_ignore = ["browser"] if chromium.IS_MISSED else []


def pytest_addoption(parser):
    parser.addoption("--matrix", action="store_true", help="try everything in all combinations, and run proofs too")


def pytest_configure(config):
    """Let hypothesis look for more examples in CI."""
    hypothesis.settings.register_profile("matrix", max_examples=120)
    hypothesis.settings.register_profile("quick", max_examples=30)
    hypothesis.settings.load_profile("matrix" if config.getoption("--matrix") else "quick")


def pytest_collection_modifyitems(config, items):
    """What takes longest comes first, so that no worker is left with it alone at the end; proofs are for CI only."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if not config.getoption("--matrix") and (proofs := [item for item in items if item.get_closest_marker("proof")]):
        config.hook.pytest_deselected(items=proofs)
        items[:] = [item for item in items if item not in proofs]


def pytest_make_parametrize_id(val, argname):
    """Keep files and long texts out of the names of tests: workers that make a file a second apart name it alike."""
    if isinstance(val, bytes) or (isinstance(val, str) and len(val) > 100):
        return argname
    return None


def pytest_terminal_summary(terminalreporter):
    if chromium.IS_MISSED:
        terminalreporter.write_line("SKIPPED tests/browser: there is no chromium here to try the pages in.")


@pytest.fixture(scope="session", autouse=True)
def _nobody_is_left_in_the_database(django_db_setup, django_db_blocker):
    """The threads that served the browser may still be connected when the database is to be dropped."""
    yield
    if connection.settings_dict["NAME"].startswith("test_"):
        with django_db_blocker.unblock():
            database.disconnect_everybody_else()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database as pytest-django makes it, which is then emptied fast, and need not survive a power cut."""
    if not connection.settings_dict["NAME"].startswith("test_"):  # no test needs one, so none was made
        yield
        return
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" SET synchronous_commit = off')
        # A browser keeps the live server's threads alive. If each kept its connection, crowds of 60 would find none.
        connection.settings_dict["CONN_MAX_AGE"] = 0
        connection.close()  # the next connection has the setting
        database.keep_initial_rows()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: database.restore_initial_rows())
        yield


@pytest.fixture(scope="session", autouse=True)
def _the_databases_clock_travels_along():
    with pytest.MonkeyPatch.context() as patch:
        clocks.patch_database_clock(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_slow_on_purpose():
    """Passwords are hashed so that they can be guessed, and no client lists the static files before its first page."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers, WHITENOISE_AUTOREFRESH=True, REQUIRE_TWO_FACTOR=False):
        yield


@pytest.fixture(autouse=True)
def _nothing_is_left_of_the_test_before():
    cache.clear()
    translation.activate("en")  # a request leaves its language behind


@pytest.fixture(autouse=True)
def _e_mail_goes_out_without_pauses(settings):
    settings.EMAIL_RATE = (10**9, 1)  # a pause of nothing, which also ends while the clock stands still


@pytest.fixture(scope="session")
def ledger_of_tests(tmp_path_factory):
    return tmp_path_factory.mktemp("ledger") / "erasures.ledger"


@pytest.fixture(autouse=True)
def _erasures_of_made_up_people_stay_out_of_the_ledger(settings, ledger_of_tests):
    settings.ERASURE_LEDGER = ledger_of_tests


@pytest.fixture
def django_assert_num_queries(django_assert_num_queries, db):
    """Counts as in a process that has served requests before, which knows the content types."""
    ContentType.objects.get_for_models(*apps.get_models())
    return django_assert_num_queries


@pytest.fixture
def django_assert_max_num_queries(django_assert_max_num_queries, db):
    ContentType.objects.get_for_models(*apps.get_models())
    return django_assert_max_num_queries


@pytest.fixture
def client(client):
    """A visitor's browser that asks for English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
