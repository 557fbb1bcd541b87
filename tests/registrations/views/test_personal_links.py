from urllib.parse import quote

import pytest

from config.logging import RedactingFormatter
from registrations import operations
from registrations.models import Registration
from registrations.rate_limit import MAX_CHANGES
from registrations.views import personal
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.django_db


def test_a_link_that_others_have_is_replaced_by_its_owner(client):
    registration = make_registration(make_event(), email="anna@example.lv", new_email="thief@example.lv")
    old, awaited = registration.manage_path, registration.manage_path_for("thief@example.lv")
    page = client.get(f"{old}new-link/").content.decode()
    assert "We will e-mail a new personal link to anna@example.lv." in page
    assert "The change of your address to thief@example.lv will be dropped." in page
    assert client.get(old).status_code == 200  # opening the page replaces nothing

    response = client.post(f"{old}new-link/")
    registration.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, "/en/r/new-link/")
    page = client.get(response["Location"]).content.decode()
    assert "All earlier links have stopped working." in page
    for told in (page, response["Location"]):
        assert registration.reference not in told
        assert "example.lv" not in told
    assert [client.get(path).status_code for path in (old, awaited, registration.manage_path)] == [404, 404, 200]
    assert client.post(f"{old}new-link/").status_code == 404
    assert [(email.kind, email.to) for email in registration.emails.all()] == [("registered", "anna@example.lv")]


def test_links_are_not_replaced_without_end(client):
    registration = make_registration(make_event())
    for _number in range(MAX_CHANGES):
        registration.refresh_from_db()
        assert client.post(f"{registration.manage_path}new-link/").status_code == 302
    registration.refresh_from_db()
    assert client.post(f"{registration.manage_path}new-link/").status_code == 429
    assert client.get(registration.manage_path).status_code == 200


@pytest.mark.parametrize("page", ["cancel/", "edit/"])
def test_who_has_a_link_that_is_just_being_replaced_learns_no_new_one(client, monkeypatch, page):
    """The link is replaced between the look-up and the operation, which reads the registration again."""
    registration = make_registration(make_event())
    old = registration.manage_token

    def replace_first(*arguments, **values):
        operations.replace_link(Registration.objects.get(pk=registration.pk))
        return False

    monkeypatch.setattr(personal, "has_too_many_changes", replace_first)
    data = {"first_name": "Anna", "last_name": "B", "email": registration.email, "language": "en"}
    response = client.post(f"/en/r/{old}/{page}", data)
    assert (response.status_code, response["Location"]) == (302, f"/en/r/{old}/")
    assert client.get(response["Location"]).status_code == 404
    registration.refresh_from_db()
    assert client.get(registration.manage_path).status_code == 200


BEHIND = [
    ".",
    ",",
    ";",
    ":",
    "!",
    ">",
    ")",
    "]",
    "'",
    '"',
    "”",
    "»",
    "*",
    "|",
    " ",
    "\u200b",
    "\u00a0",
    "\r\n",
    "%20",
    "&gt;",
    ").",
    " >",
]


@pytest.mark.parametrize("behind", BEHIND)
def test_a_link_that_was_broken_on_its_way_leads_to_its_page(client, behind):
    path = make_registration(make_event()).manage_path
    for page in ("", "edit/", "cancel/", "confirm/", "rejoin/", "new-link/", "erase/", "calendar.ics", "data.json"):
        for broken in (f"{page}{behind}", f"{page.rstrip('/')}{behind}", f"{behind}/{page}"):
            response = client.get(quote(f"{path if broken[0] != behind[0] else path[:-1]}{broken}"))
            assert (response.status_code, response.get("Location")) == (302, f"{path}{page}"), broken
            assert (response["X-Robots-Tag"], "no-store" in response["Cache-Control"]) == ("noindex, nofollow", True)
    assert client.get(path).status_code == 200


def test_so_does_one_that_was_wrapped_or_has_something_before_it(client):
    path = make_registration(make_event()).manage_path
    for broken in (
        f"{path[:30]}\r\n {path[30:]}",
        path.replace("/r/", "/r/<"),
        f"{path[:30]}\u200b{path[30:]}",
        f"{path}/",
    ):
        assert client.get(quote(broken))["Location"] == path
    assert client.get(quote(f"{path[3:-1]}>"), follow=True).redirect_chain[-1] == (path, 302)


@pytest.mark.parametrize(
    "path",
    [
        "/en/r/",
        "/en/r/x",
        "/en/r/.",
        "/en/r/%3E",
        "/en/r/https://evil.example/",
        "/en/r//evil.example/",
        "/en/r/K7M2PXQ4",
    ],
)
def test_what_is_no_link_is_not_mended_into_one(client, path):
    response = client.get(path, follow=True)
    assert response.status_code == 404
    assert all(location.startswith("/en/r/") for location, _status in response.redirect_chain)


def test_a_broken_link_that_opens_nothing_is_not_found(client):
    token = make_registration(make_event()).manage_token
    assert client.get(f"/en/r/{token[:-1]}>/", follow=True).status_code == 404
    assert client.post(f"/en/r/{token}>/").status_code == 405


def test_nothing_of_a_broken_link_is_logged(client, caplog):
    token = make_registration(make_event()).manage_token
    for broken in (f"{token}>", f"{token[:-1]}'", f"'{token}x", f"{token[:20]}\r\n{token[20:]}x"):
        client.get(quote(f"/en/r/{broken}/"), follow=True)
    assert {RedactingFormatter().format(record) for record in caplog.records} == {"Not Found: /en/r/…/"}
