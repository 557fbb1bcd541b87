"""A real browser: the system's chromium, driven by Playwright."""

import os
import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from playwright.sync_api import expect, sync_playwright

from bench.load import environment
from tests.browser.chromium import CHROMIUM
from tests.browser.contexts import Contexts
from tests.browser.door_phones import DoorPhone
from tests.browser.markup import Validator
from tests.factories import numbers
from tests.pages import PAGES
from tests.waiting import TIMEOUT


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.fail("There is no chromium, and in CI the tests in a real browser must run.")
    # Playwright runs an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--disable-background-networking", "--disable-component-update"]
        )
        expect.set_options(timeout=TIMEOUT * 1000)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def contexts(browser, live_server):
    with Contexts(browser, live_server.url) as contexts:
        yield contexts


@pytest.fixture(scope="session")
def production(django_db_setup):
    """The environment of the site with DEBUG off, on the tests' database, its static files collected."""
    database = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))
    env = environment() | {"DATABASE_URL": database}
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, cwd=settings.BASE_DIR, env=env, check=True)
    return env


@pytest.fixture
def start_phone(browser, tmp_path):
    """Starts the browser of a new phone, for which the site has this address."""
    with ExitStack() as stack:

        def start_phone(address: str, *, arguments: tuple[str, ...] = (), **options) -> DoorPhone:
            folder = tmp_path / f"phone-{next(numbers)}"
            phone = DoorPhone(browser.browser_type, folder, address, **options)
            phone.start(arguments=arguments)
            stack.callback(phone.close)
            return phone

        yield start_phone


@pytest.fixture(scope="session")
def validator():
    with Validator() as validator:
        yield validator


@pytest.fixture
def open_page(contexts, live_server):
    """Opens a page of the site; afterwards nothing was asked of another host, and nothing was forbidden or broke.

    Each page is in a browser context of its own, which knows nothing of the tests before. `watch` is given the page
    before it goes anywhere.
    """
    troubles = []

    def open_page(path: str, *, width: int = 360, watch=lambda page: None, **options):
        page = contexts.new_page(**{"locale": "lv-LV", **options})
        page.set_viewport_size({"width": width, "height": 740})
        page.on("console", lambda message: troubles.append(message.text) if is_trouble(message, page) else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "request",
            lambda request: None if request.url.startswith(live_server.url) else troubles.append(request.url),
        )
        watch(page)
        page.goto(path)
        return page

    yield open_page
    contexts.take_back()
    assert troubles == []


def is_trouble(message, page) -> bool:
    """Whether something broke; that the page itself was refused, its test sees."""
    is_refusal = message.text.startswith("Failed to load resource") and message.location["url"] == page.url
    return message.type == "error" and not is_refusal


@pytest.fixture
def visit(open_page):
    """Opens the page of this name in tests/pages.py in this language, as `open_page` opens any."""

    def visit(name: str, language: str, **options):
        with translation.override(language):
            return PAGES[name](partial(open_page, locale=f"{language}-LV", **options))

    return visit
