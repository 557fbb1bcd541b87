"""The mail server is down: the senders leave it alone, nothing is spent meanwhile, and afterwards all goes out."""

import asyncio
import logging
from datetime import timedelta
from statistics import median

import pytest
from django.db.models import DateTimeField, F
from django.utils import timezone

from registrations import operations
from registrations.mail import delivery, pacing
from registrations.models import OutgoingEmail, Sender
from tests.factories import build_registration, make_event, make_registration
from tests.registrations.mail.smtp_server import register_people

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def told(caplog):
    """What the log says of outages."""
    caplog.set_level(logging.WARNING, logger=pacing.logger.name)
    return caplog


def start(server) -> None:
    server.loop = asyncio.new_event_loop()
    server.start()


def pass_time(duration: timedelta) -> None:
    """Let everything that is stored be older by so much, because a real mail server cannot travel."""
    for model in (OutgoingEmail, Sender):
        moments = [field.name for field in model._meta.fields if isinstance(field, DateTimeField)]
        model.objects.update(**{name: F(name) - duration for name in moments})


def count_failed_connections(monkeypatch) -> list:
    """A list that grows with every attempt to reach the mail server."""
    found, get_connection = [], delivery.get_connection

    def counted():
        connection = get_connection()
        connect = connection.open
        connection.open = lambda: (found.append(connection), connect())[1]
        return connection

    monkeypatch.setattr(delivery, "get_connection", counted)
    return found


def test_forty_minutes_delay_nothing_by_more_than_a_minute_after_them(server, told, monkeypatch):
    event, attempts = make_event(), count_failed_connections(monkeypatch)
    server.stop()
    addresses = []
    for minute in range(40):
        addresses += register_people(event, minute % 2)
        for _look in range(2):
            assert delivery.send_due() == (0, 0)
        pass_time(MINUTE)
    assert len(attempts) == 39  # one a minute, however often the senders look
    emails = OutgoingEmail.objects.order_by("pk")
    assert not emails.exclude(attempts=0, last_error="").exists()
    oldest = emails[0].due_since
    assert timedelta(minutes=38) < timezone.now() - oldest < timedelta(minutes=41)
    assert delivery.send_due() == (0, 0)
    start(server)
    recovered_at = timezone.now()
    assert delivery.send_due() == (0, 0)  # not before the minute is over
    pass_time(MINUTE)
    assert delivery.send_due() == (20, 0)
    assert server.addresses == addresses  # each once, in order
    delays = [email.sent_at - (recovered_at - MINUTE) for email in emails.all()]
    assert median(delays) < timedelta(minutes=2)
    assert max(delays) < timedelta(minutes=2)
    assert set(emails.values_list("attempts", flat=True)) == {1}
    assert [record.getMessage().partition(".")[0] for record in told.records] == [
        "The mail server takes no e-mail",
        "The mail server takes e-mail again",
    ]
    assert "ConnectionRefusedError" in told.records[0].getMessage()


def test_three_days_without_a_server_and_a_refusal_for_now_give_up_nothing(server):
    (address,) = register_people(make_event(), 1)
    server.stop()
    assert delivery.send_due() == (0, 0)
    pass_time(timedelta(days=4))
    start(server)
    server.answers["RCPT", address] = "451 4.7.1 Greylisted"
    pauses = []
    for _attempt in range(3):
        assert delivery.send_due() == (0, 1)
        pause = OutgoingEmail.objects.get().next_attempt_at - timezone.now()
        pauses.append(round(pause / MINUTE))
        pass_time(pause)
    assert pauses == [1, 5, 15]
    server.answers.clear()
    assert delivery.send_due() == (1, 0)


@pytest.mark.parametrize(
    "answer",
    ["421 4.3.2 Shutting down", "451 4.3.0 Try later", "550 5.7.1 Not from you"],
    ids=lambda answer: answer[:3],
)
def test_who_takes_nothing_from_the_site_is_down_too(server, answer, told):
    addresses = register_people(make_event())
    server.answers["MAIL", "conference@localhost"] = answer
    assert delivery.send_due() == (0, 0)
    assert not OutgoingEmail.objects.exclude(attempts=0, last_error="").exists()
    assert answer[4:] in Sender.objects.get().outage_error
    server.answers.clear()
    pass_time(MINUTE)
    assert delivery.send_due() == (3, 0)
    assert server.addresses == addresses
    sender = Sender.objects.get()
    assert (sender.outage_since, sender.outage_error) == (None, "")
    assert len(told.records) == 2


def test_a_message_that_is_too_large_is_no_outage(server):
    register_people(make_event())
    server.answers["MAIL", "conference@localhost"] = "552 5.3.4 Message size exceeds fixed limit"
    assert delivery.send_due() == (0, 3)


def test_a_sender_that_cannot_reach_the_server_stops_no_other(server, settings, told):
    port = settings.EMAIL_PORT
    register_people(make_event())
    assert delivery.send_due() == (3, 0)
    register_people(make_event())
    settings.EMAIL_PORT = 1
    assert delivery.send_due() == (0, 0)
    settings.EMAIL_PORT = port
    assert delivery.send_due() == (3, 0)
    assert told.records == []


def test_while_it_is_down_places_are_released_and_the_sender_ends_when_told(server):
    event = make_event(capacity=1, confirm_email=True)
    server.stop()
    late = operations.register(build_registration(event)).registration
    operations.register(build_registration(event))
    delivery.send_due(wait=lambda seconds: pytest.fail("waited"))
    event.registrations.filter(pk=late.pk).update(hold_until=timezone.now())
    operations.release_expired_holds()
    assert event.registrations.get(status="pending").pk != late.pk
    delivery.send_due(wait=lambda seconds: pytest.fail("waited"))
    start(server)


def test_the_monitor_is_told_after_half_an_hour_and_until_it_is_over(server, client):
    server.stop()
    registration = make_registration(make_event(), email="anna@example.lv")
    OutgoingEmail.objects.create(kind="test", language="en", to=registration.email, is_bulk=True)
    register_people(make_event(), 1)
    assert delivery.send_due() == (0, 0)
    pass_time(timedelta(minutes=29))
    delivery.send_due()
    assert client.get("/healthz/").status_code == 200
    pass_time(timedelta(minutes=1, seconds=1))
    delivery.send_due()
    response = client.get("/healthz/")
    assert response.status_code == 503
    assert response.json()["problems"] == ["E-mail has been due for half an hour.", "The mail server takes no e-mail."]
    assert "anna" not in response.content.decode()
    start(server)
    pass_time(MINUTE)
    assert delivery.send_due() == (2, 0)
    assert client.get("/healthz/").json()["status"] == "ok"


def test_e_mail_to_many_that_takes_long_at_a_slow_pace_is_no_alarm(client):
    delivery.send_due()
    OutgoingEmail.objects.create(kind="test", language="en", to="anna@example.lv", is_bulk=True)
    pass_time(timedelta(hours=1))
    pacing.note_run()
    assert client.get("/healthz/").status_code == 200
    OutgoingEmail.objects.update(is_bulk=False)
    assert client.get("/healthz/").json()["problems"] == ["E-mail has been due for half an hour."]
