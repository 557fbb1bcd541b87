"""Where a ticket's QR code leads whoever is not at the door."""

import pytest
from django.urls import reverse

from registrations.tickets.ticket_codes import generate_ticket_code
from registrations.tickets.ticket_qr import build_ticket_url
from tests.factories import make_event, make_registration
from tests.registrations.stored_state import dump_database


def get(client, path: str, language: str = "en"):
    return client.get(path, headers={"Accept-Language": language})


@pytest.mark.django_db
def test_a_ticket_and_an_invented_code_have_the_same_page_in_any_case_and_it_changes_nothing(client):
    registration = make_registration(make_event())
    code = registration.ticket_code
    before = dump_database()
    codes = [
        f"D/{code}",
        f"d/{code.lower()}",
        f"D/{generate_ticket_code()}",
        "D/x",
        "d/%00%C4%80",
        f"D/{code}/",
        f"D/{code}/x",
    ]
    answers = [get(client, f"/{path}") for path in codes]
    assert [answer.status_code for answer in answers] == [200] * 7
    assert len({answer.content.replace(code.encode(), b"") for answer in answers}) == 1
    assert len({str(sorted(answer.items())) for answer in answers}) == 1
    for secret in (registration.full_name, registration.reference, code):
        assert secret.encode() not in answers[0].content
    assert dump_database() == before


def test_it_asks_the_database_nothing_and_is_kept_nowhere(client):
    """Without the mark for it, the test may not use the database."""
    response = get(client, reverse("attendance:ticket", args=[generate_ticket_code()]))
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert 'name="robots" content="noindex' in response.content.decode()
    assert response.cookies == {}


@pytest.mark.parametrize(
    ("language", "heading", "other"),
    [
        ("lv", "Uzrādiet šo kodu pie ieejas", "Show this code at the entrance"),
        ("en", "Show this code at the entrance", "Uzrādiet šo kodu pie ieejas"),
    ],
)
def test_it_is_in_the_browsers_language_and_then_in_the_others(client, language, heading, other):
    page = get(client, "/D/0123456789ABCDEFGHJK", language).content.decode()
    assert f'<html lang="{language}">' in page
    assert f"<h1>{heading}</h1>" in page
    assert f"<h2>{other}</h2>" in page


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_it_can_only_be_read(client, method):
    assert getattr(client, method)("/D/0123456789ABCDEFGHJK").status_code == 405
    assert client.head("/D/0123456789ABCDEFGHJK").status_code == 200


def test_the_qr_code_leads_there():
    code = generate_ticket_code()
    path = reverse("attendance:ticket", args=[code])
    assert build_ticket_url(code) == f"HTTP://LOCALHOST:8000{path}".replace("/d/", "/D/")
