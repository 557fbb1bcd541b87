"""What visitors and organisers do to get to a page."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from conference.models import Event
from tests.factories import make_form_data, make_user

Open = Callable[..., Page]


def opening(name: str, make: Callable) -> Callable[[Open], Page]:
    """An entry that opens the page with this name in the site map, of the event or registration that `make` makes."""

    def entry(name: str, make: Callable, open: Open) -> Page:
        made = make()
        return open(reverse(name, args=[getattr(made, "manage_token", None) or made.slug]))

    return partial(entry, name, make)


def opening_form(make: Callable) -> Callable[[Open], Page]:
    return opening("registrations:register", make)


def doing(entry: Callable[[Open], Page], *steps: Callable[[Page], object]) -> Callable[[Open], Page]:
    """An entry that opens another one, and does this with its page."""

    def done(open: Open) -> Page:
        page = entry(open)
        for step in steps:
            step(page)
        return page

    return done


def press(page: Page) -> None:
    """Press the page's button."""
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()


def submitted(entry: Callable[[Open], Page], *steps: Callable[[Page], object]) -> Callable[[Open], Page]:
    """An entry that opens another one, does this with its page, and presses its button."""
    return doing(entry, *steps, press)


def fill_in(page: Page) -> None:
    """What the form of an event without questions asks for."""
    person = make_form_data(Event.objects.get(), email="annemarija@example.lv")
    for name in ("first_name", "last_name", "email", "organisation", "job_title"):
        page.locator(f"[name={name}]").fill(person[name])
    for name in ("country", "sector"):
        page.locator(f"[name={name}]").select_option(person[name])
    for box in page.locator("[name=topics], [name=consent]").all():
        box.check()


def typing(**values: str) -> Callable[[Page], None]:
    """Types these values into the fields with these names."""

    def type_in(page: Page) -> None:
        for name, value in values.items():
            page.locator(f"[name={name}]").fill(value)

    return type_in


def by_organiser(entry: Callable[[Open], Page]) -> Callable[[Open], Page]:
    """The entry as an organiser sees it who is logged in."""
    return lambda open: entry(partial(open, **logged_in(make_user(is_superuser=True))))


def logged_in(user, *steps: Callable) -> dict:
    """The options of a browser in which this user is logged in; before, the steps are done with its client and user."""
    client = Client()
    client.force_login(user)
    for step in steps:
        step(client, user)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    place = {"domain": "localhost", "path": "/", "expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    return {"cookies": (cookie | place,)}
