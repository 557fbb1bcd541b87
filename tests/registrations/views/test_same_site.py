"""Forms for visitors work without any cookie, and only from the site's own pages."""

import pytest
from django.test import Client
from django.urls import get_resolver

from registrations.models import OutgoingEmail, Registration
from tests.factories import make_event, make_form_data, make_registration
from tests.registrations.stored_state import dump_database

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    {"origin": "https://www.example.org"},
    {"origin": "null"},
    {"origin": "http://testserver.example.org"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
]
OWN = [
    {},  # an old browser says nothing
    {"origin": "http://testserver"},
    {"origin": "http://testserver", "sec-fetch-site": "same-origin"},
    {"origin": "null", "sec-fetch-site": "same-origin"},  # by a setting of the browser
    {"sec-fetch-site": "none"},  # sent again by its user
]
PERSONAL = {
    "edit/": "confirmed",
    "confirm/": "pending",
    "cancel/": "confirmed",
    "rejoin/": "cancelled",
    "new-link/": "confirmed",
    "erase/": "confirmed",
}


@pytest.fixture
def browser():
    """A browser that keeps no cookies; Django would refuse it where it wants a token."""
    browser = Client(enforce_csrf_checks=True)
    yield browser
    assert not set(browser.cookies) - {"registered", "messages"}


def post_personal(browser, page: str, headers: dict):
    event = make_event()
    person = make_registration(event, PERSONAL[page])
    typed = make_form_data(event, language="en", email=person.email) if page == "edit/" else {}
    return browser.post(f"/en/r/{person.manage_token}/{page}", typed, headers=headers)


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_people_register_and_ask_for_their_link_without_cookies(browser, headers):
    event = make_event()
    data = make_form_data(event)
    assert browser.post(f"/en/{event.slug}/register/", data, headers=headers).status_code == 302
    assert event.registrations.get().email == data["email"]
    assert browser.post("/en/find/", {"email": data["email"]}, headers=headers).status_code == 302
    assert OutgoingEmail.objects.filter(kind="link").count() == 1


@pytest.mark.parametrize("page", PERSONAL)
def test_every_button_behind_the_personal_link_works_without_cookies(browser, page):
    before = post_personal(browser, page, {})
    assert before.status_code == 302
    assert OutgoingEmail.objects.exists() or Registration.objects.get().erased_at


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_what_another_site_sends_is_refused_and_changes_nothing(browser, headers):
    event = make_event()
    stored = dump_database()
    for path in (f"/lv/{event.slug}/register/", f"/lv/{event.slug}/embed/", "/lv/find/"):
        response = browser.post(path, make_form_data(event), headers=headers)
        assert response.status_code == 403
        assert "Veidlapa netika nosūtīta" in response.content.decode()
    assert dump_database() == stored


@pytest.mark.parametrize("page", [*PERSONAL, "new-address/"])
def test_another_site_presses_no_button_even_if_it_knew_the_link(browser, page):
    person = make_registration(make_event(), PERSONAL.get(page, "confirmed"))
    stored = dump_database()
    response = browser.post(f"/en/r/{person.manage_token}/{page}", {}, headers={"origin": "https://www.example.org"})
    assert response.status_code == 403
    assert dump_database() == stored


def list_views(resolver, namespace: str = ""):
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from list_views(entry, entry.namespace or namespace)
        else:
            yield namespace, entry.name, entry.callback


def test_only_forms_for_visitors_do_without_django_s_token():
    exempt = {name for namespace, name, view in list_views(get_resolver()) if getattr(view, "csrf_exempt", False)}
    pages = {"cancel", "confirm", "edit", "embed", "erase", "find", "new-address", "new-link", "register", "rejoin"}
    assert exempt == pages | {"pair", "badge", "plain_check_in", "plain_door", "plain_walk_in", "sync"}
