"""Requests that no browser sends: a clear refusal, never an error of the site."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import make_event

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
    response = client.get(path, headers={"Cookie": 'csrftoken="\\000aaa"'})
    assert response.status_code == 400


@pytest.mark.parametrize(("path", "status"), [("/admin/", 302), ("/en/", 200)])
def test_a_session_with_nul_is_none(client, db, path, status):
    response = client.get(path, headers={"Cookie": 'sessionid="\\000aaa"'})
    assert response.status_code == status


@pytest.mark.parametrize("length", ["9" * 5000, "1000000000"])
def test_a_body_announced_beyond_all_measure_is_too_large(length):
    response = Client().generic("POST", "/en/", b"", CONTENT_LENGTH=length)
    assert response.status_code == 413


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/admin/conference/event/7/settings/texts/", 403),
        ("/admin/conference/event/7/settings/partners/", 403),
        ("/admin/conference/event/7/settings/texts/more/", 413),
        ("/admin/conference/event/x/settings/texts/", 413),
        ("/admin/conference/event/7/settings/when/", 413),
        ("/admin/conference/event/add/", 413),
        ("/en/admin/conference/event/7/settings/texts/", 413),
        ("/admin/conference/venue/7/change/", 413),
    ],
)
@pytest.mark.parametrize("megabytes", [2, 10])
def test_only_pages_that_take_files_take_large_bodies(path, expected, megabytes):
    file = SimpleUploadedFile("a.png", b"\0" * megabytes * 1024 * 1024)
    assert Client(enforce_csrf_checks=True).post(path, {"picture": file}).status_code == expected
    assert Client().post(path, "x" * 300_000, content_type="text/plain").status_code == 413
