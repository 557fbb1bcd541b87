from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from registrations import operations
from registrations.mail import delivery
from registrations.models import OutgoingEmail, Sender
from registrations.views import healthz as view
from tests.factories import build_registration, make_event, make_registration

pytestmark = pytest.mark.django_db


def test_all_is_well(client):
    delivery.send_due()
    response = client.get("/healthz/")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "sender_last_ran_minutes_ago": 0,
        "oldest_unsent_seconds": None,
        "problems": [],
    }
    assert "no-store" in response["Cache-Control"]


def test_e_mail_that_nobody_sends_for_ten_minutes_is_bad(client, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    delivery.send_due()
    operations.register(build_registration(make_event(), email="anna@example.lv"))
    time_machine.shift(timedelta(minutes=10))
    assert client.get("/healthz/").status_code == 200
    time_machine.shift(timedelta(seconds=1))
    response = client.get("/healthz/")
    assert response.status_code == 503
    assert response.json() == {
        "status": "bad",
        "database": "ok",
        "sender_last_ran_minutes_ago": 10,
        "oldest_unsent_seconds": 601,
        "problems": ["E-mail is waiting, and no sender has run for ten minutes."],
    }
    delivery.send_due()
    assert client.get("/healthz/").status_code == 200


def test_a_silent_sender_is_fine_while_nothing_waits(client):
    Sender.objects.create(pk=1, last_ran_at=timezone.now() - timedelta(days=3))
    assert client.get("/healthz/").status_code == 200


def test_a_new_site_whose_sender_never_ran_is_bad_after_ten_minutes(client, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    operations.register(build_registration(make_event()))
    assert client.get("/healthz/").status_code == 200
    time_machine.shift(timedelta(minutes=10, seconds=1))
    assert client.get("/healthz/").status_code == 503


def test_one_dead_address_is_no_alarm(client):
    registration, _has_place = operations.register(build_registration(make_event()))
    OutgoingEmail.objects.update(next_attempt_at=None, last_error="550 No such user")
    response = client.get("/healthz/")
    assert response.status_code == 200
    assert registration.email not in response.content.decode()


def test_a_dead_database_is_told_in_json(client, monkeypatch):
    def dead():
        raise OperationalError("connection refused at secret-host")

    monkeypatch.setattr(view, "get_health", dead)
    response = client.get("/healthz/")
    assert response.status_code == 503
    assert response.json() == {"status": "bad", "database": "does not answer"}


def test_a_stranger_cannot_tell_from_it_whether_a_search_for_links_found_any(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    make_registration(make_event(), email="known@example.lv")
    answers = []
    for email in ("known@example.lv", "unknown@example.lv"):
        client.post("/en/find/", {"email": email})
        delivery.send_due()
        answers.append(client.get("/healthz/").json())
        OutgoingEmail.objects.all().delete()
    assert answers[0] == answers[1]
