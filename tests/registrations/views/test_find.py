import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registrations.mail import delivery, outbox
from registrations.models import OutgoingEmail
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.django_db


def request_link(client, email, language="en"):
    return client.post(f"/{language}/find/", {"email": email})


def test_the_links_of_an_address_go_out_in_one_e_mail(client):
    registrations = [make_registration(make_event(), email="anna@example.lv") for _number in range(2)]
    make_registration(make_event(), email="janis@example.lv")
    response = request_link(client, "ANNA@example.lv", "lv")
    assert response["Location"] == "/lv/find/sent/"
    assert delivery.send_due() == (1, 0)
    (message,) = mail.outbox
    assert message.to == ["anna@example.lv"]  # as it was registered, not as it was typed
    links = re.findall(r"/lv/r/(\S+)/", message.body)
    assert sorted(links) == sorted(registration.manage_token for registration in registrations)


@pytest.mark.parametrize(("language", "expected"), [("en", "Conference"), ("lv", "Konference")])
def test_each_person_of_an_address_is_named_beside_their_link(client, language, expected):
    event, address = make_event(), "library@example.lv"
    anna = make_registration(event, email=address, first_name="Anna", last_name="Pirmā")
    ilze = make_registration(event, "waitlisted", email=address, first_name="Ilze", last_name="Otrā")
    spam = make_registration(event, email=address, first_name="WIN 100 at", last_name="evil.example")
    request_link(client, address, language)
    assert delivery.send_due() == (1, 0)
    lines = [line for line in mail.outbox[0].body.splitlines() if line]
    for registration, names in ((anna, ["Anna Pirmā"]), (ilze, ["Ilze Otrā"]), (spam, [])):
        (place,) = [place for place, line in enumerate(lines) if registration.manage_token in line]
        assert lines[place].startswith(expected)
        assert lines[place + 1 : place + 1 + len(names)] == names
    assert "WIN" not in mail.outbox[0].body


def test_the_answer_and_its_work_are_the_same_for_every_address(client):
    make_registration(make_event(), email="known@example.lv")
    seen = []
    for email in ("known@example.lv", "stranger@example.lv"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = request_link(client, email)
        page = client.get(response["Location"])
        statements = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries]
        seen.append((response.status_code, response["Location"], page.content, statements))
    assert seen[0] == seen[1]


def test_to_a_stranger_nothing_is_sent_and_nothing_is_kept_of_them(client):
    request_link(client, "stranger@example.lv")
    assert delivery.send_due() == (0, 0)
    assert mail.outbox == []
    assert not OutgoingEmail.objects.exists()


def test_an_address_gets_one_e_mail_in_ten_minutes(client, time_machine):
    make_registration(make_event(), email="anna@example.lv")
    time_machine.move_to(timezone.now(), tick=False)
    for _number in range(3):
        request_link(client, "anna@example.lv")
    time_machine.shift(timedelta(minutes=9))
    request_link(client, "Anna@example.lv")
    delivery.send_due()
    assert len(mail.outbox) == 1
    time_machine.shift(timedelta(minutes=1, seconds=1))
    request_link(client, "anna@example.lv")
    delivery.send_due()
    assert len(mail.outbox) == 2


def test_a_cancelled_registration_is_found_too_and_an_erased_one_is_not(client):
    make_registration(make_event(), "cancelled", email="anna@example.lv")
    make_registration(make_event(), "cancelled", email="", erased_at=timezone.now())
    request_link(client, "anna@example.lv")
    delivery.send_due()
    assert "Status: cancelled" in mail.outbox[0].body
    assert mail.outbox[0].body.count("/en/r/") == 1


@pytest.mark.parametrize("email", ["", "anna", "anna@", "a" * 300 + "@example.lv"])
def test_what_is_no_address_is_told(client, email):
    response = request_link(client, email)
    assert response.status_code == 200
    assert 'id="errors"' in response.content.decode()
    assert not OutgoingEmail.objects.exists()


def test_who_asks_very_often_is_asked_to_wait(client, settings):
    settings.FIND_RATE_LIMIT = (2, 3600)
    assert [request_link(client, f"a{number}@example.lv").status_code for number in range(3)] == [302, 302, 429]


@pytest.mark.parametrize("typed", ["karlis@k\u0130bibl.lv", "\u212aarlis@kibibl.lv", "karlis@kibibl\u3002lv"])
def test_look_alikes_of_an_address_never_get_its_links(client, typed):
    make_registration(make_event(), email="karlis@kibibl.lv")
    request_link(client, typed)
    delivery.send_due()
    assert {message.to[0] for message in mail.outbox} <= {"karlis@kibibl.lv"}


def test_searches_for_links_that_nobody_has_take_no_time_from_real_e_mail(client, settings, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    settings.EMAIL_RATE = (1, 1)
    for number in range(5):
        request_link(client, f"stranger{number}@example.lv")
    outbox.queue(make_registration(make_event()), "registered")
    pauses = []
    assert delivery.send_due(wait=pauses.append) == (1, 0)
    assert pauses == []


def test_a_search_for_a_look_alike_does_not_swallow_the_search_of_its_owner(client):
    for email in ("anna@iris.lv", "anna@\u0131ris.lv"):
        make_registration(make_event(), email=email)
    outbox.queue_links("anna@\u0131ris.lv", "en")
    outbox.queue_links("anna@iris.lv", "en")
    delivery.send_due()
    assert [message.to[0] for message in mail.outbox] == ["anna@\u0131ris.lv", "anna@iris.lv"]
