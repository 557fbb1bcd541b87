"""Refusals are pages, in the visitor's language, with a link that leads on."""

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import make_event, make_form_data, make_user

pytestmark = pytest.mark.django_db


def test_a_script_name_changes_no_link(client):
    event = make_event()
    make = f"/en/{event.slug}/register/"
    assert "/zzz/" not in client.get(make, SCRIPT_NAME="/zzz").content.decode()
    assert f'href="/en/{event.slug}/privacy/"' in client.get(make).content.decode()
    assert settings.FORCE_SCRIPT_NAME == ""


def test_links_stay_on_the_site_whatever_the_path(client):
    content = client.get("//evil.example/en/").content.decode()
    assert 'href="//evil' not in content


def test_what_was_typed_is_kept_in_no_cache(client):
    event = make_event()
    response = client.post(f"/en/{event.slug}/register/", make_form_data(event, email=""))
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


LARGE = {"CONTENT_LENGTH": "1000000000"}
# How each is brought about, with the heading of its page in English and where its button leads.
REFUSALS = [
    (400, "GET", "/en/?q=%00", {}, "The request could not be understood", "/en/"),
    (403, "GET", "/admin/auth/user/", {}, "You do not have permission to open this page", "/admin/"),
    (403, "POST", "/account/log-in/", {}, "The form was not sent", "/admin/"),
    (403, "POST", "/en/find/", {"HTTP_ORIGIN": "https://evil.example"}, "The form was not sent", "/en/"),
    (404, "GET", "/en/nowhere/", {}, "Page not found", "/en/"),
    (404, "GET", "/en/r/nonsense/", {}, "This link does not work", "/en/find/"),
    (404, "GET", "/admin/nowhere/x/", {}, "Page not found", "/admin/"),
    (405, "POST", "/en/accessibility/", {}, "This page cannot be opened like that", "/en/"),
    (413, "POST", "/en/find/", LARGE, "That is too much to send at once", "/en/"),
]


@pytest.mark.parametrize(("status", "method", "path", "extra", "heading", "way_on"), REFUSALS)
def test_a_refusal_is_a_page_with_a_way_on_and_kept_out_of_search_engines(status, method, path, extra, heading, way_on):
    browser = Client(headers={"Accept-Language": "en"}, enforce_csrf_checks=status == 403)
    browser.force_login(make_user())
    response = browser.generic(method, path, **extra)
    content = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in content
    assert f'class="btn btn-primary" href="{way_on}"' in content
    assert '<meta name="robots" content="noindex">' in content
    assert "css/site" in content


@pytest.mark.parametrize(
    ("path", "asked_for", "heading"),
    [
        ("/lv/nav/", "en", "Šādas lapas nav"),
        ("/en/nav/", "lv", "Page not found"),
        ("/admin/nav/x/", "lv", "Šādas lapas nav"),
        ("/nav.php", "lv", "Šādas lapas nav"),
    ],
)
def test_a_refusal_speaks_the_visitors_language(client, path, asked_for, heading):
    client.force_login(make_user())
    response = client.get(path, headers={"Accept-Language": asked_for})
    assert response.status_code == 404
    assert f"<h1>{heading}</h1>" in response.content.decode()
