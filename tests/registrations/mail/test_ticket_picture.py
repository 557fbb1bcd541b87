"""The ticket in e-mails: shown without asking a server for anything, and said in plain text."""

import re

import pytest
from django.core import mail

from registrations.mail import delivery
from registrations.mail.content import render_examples
from registrations.models import OutgoingEmail
from registrations.tickets.ticket_codes import spell_ticket_code
from registrations.tickets.ticket_qr import build_ticket_url, render_png
from tests.factories import make_event
from tests.registrations.mail.mailbox import get_bodies, get_calendar_entry, parse_received, queue_email

pytestmark = pytest.mark.django_db

Kind = OutgoingEmail.Kind
# Those that tell somebody with a place how their registration stands.
WITH_TICKET = [
    Kind.REGISTERED,
    Kind.PROMOTED,
    Kind.REMINDER,
    Kind.CHANGED,
    Kind.ALREADY_REGISTERED,
    Kind.EVENT_RESTORED,
]
WITHOUT_TICKET = [kind for kind in Kind if kind not in WITH_TICKET]


def send(kind, **values):
    email = queue_email(kind, **values)
    assert delivery.send_due() == (1, 0)
    email.refresh_from_db()
    return email, parse_received(mail.outbox[-1])


def list_types(part, depth: int = 0) -> list[str]:
    children = part.iter_parts() if part.is_multipart() else ()
    return [
        "  " * depth + part.get_content_type(),
        *(line for child in children for line in list_types(child, depth + 1)),
    ]


@pytest.mark.parametrize("kind", WITH_TICKET)
def test_who_has_a_place_gets_the_ticket_in_the_e_mail(kind):
    email, received = send(kind)
    plain, html = get_bodies(received)
    [picture] = [part for part in received.walk() if part.get_content_type() == "image/png"]
    assert picture.get_content() == render_png(build_ticket_url(email.registration.ticket_code))
    assert picture.get_content_disposition() == "inline"
    assert f'src="cid:{picture["Content-ID"].strip("<>")}" alt="QR code of your ticket"' in html
    assert re.findall(r'src="(?!cid:)', html) == []
    assert (
        f"Your ticket – show it at the entrance, on your phone or printed:\n{email.registration.reference}\n"
        f"{spell_ticket_code(email.registration.ticket_code)}\n" in plain
    )
    for body in (plain, html):
        assert f"/en/r/{email.registration.manage_token}/ticket.pdf" in body
        assert email.registration.ticket_code not in body


@pytest.mark.parametrize("kind", WITHOUT_TICKET)
def test_nobody_else_does(kind):
    _email, received = send(kind)
    assert [part for part in received.walk() if part.get_content_maintype() == "image"] == []
    for body in get_bodies(received):
        assert "cid:" not in body
        assert "ticket" not in body


def test_the_picture_belongs_to_the_html_and_the_calendar_file_to_the_message():
    _email, received = send(Kind.REGISTERED)
    assert list_types(received) == [
        "multipart/mixed",
        "  multipart/alternative",
        "    text/plain",
        "    multipart/related",
        "      text/html",
        "      image/png",
        "  text/calendar",
    ]
    [related] = [part for part in received.walk() if part.get_content_type() == "multipart/related"]
    assert related.get_param("type") == "text/html"
    assert get_calendar_entry(received)[0] == "PUBLISH"


def test_the_outbox_keeps_no_picture():
    email, _received = send(Kind.REGISTERED)
    assert "data:" not in email.html
    assert len(email.html) < 6000


@pytest.mark.parametrize("kind", [Kind.REGISTERED, Kind.PROMOTED, Kind.REMINDER])
def test_what_matters_at_the_door_comes_first_and_cancelling_last(kind):
    email, received = send(kind, event=make_event(confirmation_note="Bring ID."))
    link = f"/r/{email.registration.manage_token}/"
    parts = [
        "When",
        "Where",
        "Your ticket",
        "ticket.pdf",
        f"{link}\n",
        "Bring ID",
        "Your details",
        "Questions",
        "cancel/",
    ]
    plain, html = get_bodies(received)
    assert plain.endswith(f"{link}cancel/\n")
    for body in (plain, html.replace('">My registration', "\n")):
        assert [part for part in re.findall("|".join(map(re.escape, parts)), body) if body.count(part) == 1] == parts


def test_the_preview_shows_a_made_up_ticket_within_the_page():
    shown = dict(render_examples(make_event()))
    for example in shown[Kind.REGISTERED.label]:
        assert example.html_body.count('src="data:image/png;base64,') == 1
    assert all("cid:" not in example.html for examples in shown.values() for example in examples)
