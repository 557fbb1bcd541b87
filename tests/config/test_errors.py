"""Requests that no browser sends: a clear refusal, never an error of the site."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import make_event, make_form_data, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "hex", "rot13", "undefined", "idna", "latin-1"])
def test_other_ways_to_write_text_are_refused(client, charset):
    event = make_event()
    address = f"/en/{event.slug}/register/"
    response = client.generic("POST", address, b"first_name=x", content_type=f"text/plain; charset={charset}")
    assert response.status_code == 400
    assert not event.registrations.exists()


def test_utf_8_may_be_named(client):
    event = make_event()
    response = client.post(
        f"/en/{event.slug}/register/", b"first_name=x", content_type="application/x-www-form-urlencoded; charset=UTF-8"
    )
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/admin/", "/en/"])
def test_a_cookie_with_nul_is_refused(client, path):
    response = client.get(path, headers={"Cookie": 'sessionid="\\000aaa"'})
    assert response.status_code == 400


@pytest.mark.parametrize("length", ["9" * 5000, "1000000000"])
def test_a_body_announced_beyond_all_measure_is_too_large(length):
    response = Client().generic("POST", "/en/", b"", CONTENT_LENGTH=length)
    assert response.status_code == 413


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/admin/conference/event/7/change/", 403),
        ("/admin/conference/event/add/", 403),
        ("/admin/conference/event/7/change/more/", 413),
        ("/admin/conference/event/x/change/", 413),
        ("/en/admin/conference/event/7/change/", 413),
        ("/admin/conference/venue/7/change/", 413),
    ],
)
@pytest.mark.parametrize("megabytes", [2, 10])
def test_only_pages_that_take_files_take_large_bodies(path, expected, megabytes):
    file = SimpleUploadedFile("a.png", b"\0" * megabytes * 1024 * 1024)
    assert Client(enforce_csrf_checks=True).post(path, {"picture": file}).status_code == expected
    assert Client().post(path, "x" * 300_000, content_type="text/plain").status_code == 413


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
    (403, "POST", "/en/find/", {}, "The form was not sent", "/en/"),
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
