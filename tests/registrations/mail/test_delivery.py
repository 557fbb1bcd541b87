import os
import signal
import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection, connections
from django.utils import timezone

from conference.models import Event
from registrations import operations
from registrations.mail import delivery, outbox
from registrations.management.commands import send_emails
from registrations.models import OutgoingEmail
from tests.factories import build_registration, make_event, make_registration
from tests.registrations.concurrency.threads import run_at_once

pytestmark = pytest.mark.django_db


class Flaky(EmailBackend):
    """A mail server that refuses the addresses in `refused`."""

    refused: set[str] = set()

    def send_messages(self, messages):
        for message in messages:
            if message.to[0] in self.refused:
                raise smtplib.SMTPRecipientsRefused({message.to[0]: (450, b"Try later")})
        return super().send_messages(messages)


@pytest.fixture
def flaky(monkeypatch):
    monkeypatch.setattr(delivery, "get_connection", Flaky)
    monkeypatch.setattr(Flaky, "refused", set())
    return Flaky


def test_nothing_is_sent_twice():
    operations.register(build_registration(make_event()))
    assert delivery.send_due() == (1, 0)
    assert delivery.send_due() == (0, 0)
    assert len(mail.outbox) == 1
    email = OutgoingEmail.objects.get()
    assert email.sent_at
    assert email.next_attempt_at is None
    assert str(email.state) == "sent"


def test_a_failure_is_tried_again_with_growing_pauses_and_given_up_after_three_days(flaky, time_machine):
    time_machine.move_to("2026-11-23T12:00:00Z", tick=False)
    registration, _has_place = operations.register(build_registration(make_event()))
    flaky.refused = {registration.email}
    pauses = []
    while (email := OutgoingEmail.objects.get()).next_attempt_at:
        time_machine.move_to(email.next_attempt_at, tick=False)
        assert delivery.send_due() == (0, 1)
        email.refresh_from_db()
        pauses.append(email.next_attempt_at and email.next_attempt_at - timezone.now())
    minutes = [pause and pause.total_seconds() / 60 for pause in pauses]
    assert minutes == [1, 5, 15, 30, 120, *[360] * 11, None]
    assert timedelta(days=2, hours=18) < timezone.now() - email.created_at <= timedelta(days=3)
    assert email.last_error.startswith("SMTPRecipientsRefused: ")
    assert "Try later" in email.last_error
    assert str(email.state) == "failed"
    assert list(OutgoingEmail.objects.given_up()) == [email]
    assert delivery.send_due() == (0, 0)


def test_one_refused_message_does_not_hold_up_the_others(flaky):
    event = make_event()
    first, _has_place = operations.register(build_registration(event))
    second, _has_place = operations.register(build_registration(event))
    flaky.refused = {first.email}
    assert delivery.send_due() == (1, 1)
    assert [message.to for message in mail.outbox] == [[second.email]]


def test_a_message_that_failed_is_sent_when_the_server_is_back(flaky, time_machine):
    time_machine.move_to("2026-11-23T12:00:00Z", tick=False)
    registration, _has_place = operations.register(build_registration(make_event()))
    flaky.refused = {registration.email}
    delivery.send_due()
    flaky.refused = set()
    assert delivery.send_due() == (0, 0)
    time_machine.shift(60)
    assert delivery.send_due() == (1, 0)
    email = OutgoingEmail.objects.get()
    assert (email.attempts, email.last_error) == (2, "")


def test_a_dead_server_loses_no_sign_up(monkeypatch):
    class Dead(EmailBackend):
        def send_messages(self, messages):
            raise ConnectionResetError(104, "Connection reset by peer")

    monkeypatch.setattr(delivery, "get_connection", Dead)
    registration, _has_place = operations.register(build_registration(make_event()))
    assert delivery.send_due() == (0, 1)
    assert registration.emails.get().last_error == "ConnectionResetError: [Errno 104] Connection reset by peer"


def test_a_message_that_cannot_be_written_is_kept_with_the_reason(monkeypatch):
    def broken(*arguments):
        with connection.cursor() as cursor:
            cursor.execute("SELECT nonsense")

    monkeypatch.setattr(delivery.content, "render_email", broken)
    operations.register(build_registration(make_event()))
    assert delivery.send_due() == (0, 1)
    assert OutgoingEmail.objects.get().last_error.startswith("ProgrammingError: ")


def test_without_anything_due_the_mail_server_is_not_troubled(monkeypatch):
    monkeypatch.setattr(delivery, "get_connection", lambda: pytest.fail("connected"))
    assert delivery.send_due() == (0, 0)


def test_the_command_sends_what_is_due_and_says_how_much(capsys):
    operations.register(build_registration(make_event()))
    call_command("send_emails")
    assert capsys.readouterr().out == "Sent: 1, failed: 0\n"
    call_command("send_emails")
    assert capsys.readouterr().out == ""


@pytest.mark.django_db(transaction=True)
def test_several_senders_at_once_send_each_message_once():
    event = make_event()
    people = [make_registration(event) for _number in range(40)]
    for registration in people:
        outbox.queue(registration, "registered")
    results = run_at_once(lambda _number: delivery.send_due(), range(8))
    assert sum(sent for sent, _failed in results) == 40
    assert sorted(message.to[0] for message in mail.outbox) == sorted(registration.email for registration in people)


@pytest.mark.django_db(transaction=True)
def test_a_sender_that_dies_gives_its_message_back(monkeypatch):
    operations.register(build_registration(make_event()))

    class Killed(BaseException):
        pass

    class Dying(EmailBackend):
        def send_messages(self, messages):
            connection.close()  # what the server sees when a process is killed
            raise Killed

    def die(_argument):
        with pytest.raises((Killed, OperationalError)):
            delivery.send_due()

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "get_connection", Dying)
        run_at_once(die, [None])
    connections.close_all()
    assert delivery.send_due() == (1, 0)


def watch() -> None:
    """Run the sender as systemd does, until something sends SIGTERM."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        call_command("send_emails", watch=True, pause=0.01)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.mark.django_db(transaction=True)
def test_a_long_mailing_does_not_keep_the_sender_from_what_else_is_due(monkeypatch, settings):
    settings.EMAIL_RATE = (1, 3600)
    monkeypatch.setattr(send_emails, "SECONDS_OF_SENDING", 0.1)
    event = make_event()
    for _number in range(3):
        outbox.queue(make_registration(event), "registered")
    waiting = []

    def release_expired_holds():
        waiting.append(OutgoingEmail.objects.waiting().count())
        if len(waiting) == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(send_emails.operations, "release_expired_holds", release_expired_holds)
    watch()
    assert waiting == [3, 2, 2]


def test_the_watching_sender_outlives_a_lost_database_and_ends_when_told(monkeypatch, capsys):
    troubles = [
        OperationalError("server closed the connection"),
        InterfaceError("connection already closed"),
        OSError(),
        Event.DoesNotExist(),  # deleted a moment ago
    ]
    closed = []

    def send_due(is_stopped, wait):
        if troubles:
            raise troubles.pop(0)
        os.kill(os.getpid(), signal.SIGTERM)
        return 1, 0

    monkeypatch.setattr(send_emails, "send_due", send_due)
    monkeypatch.setattr(send_emails, "queue_reminders", lambda: None)
    monkeypatch.setattr(send_emails.operations, "release_expired_holds", lambda: None)
    monkeypatch.setattr(send_emails.connection, "close", lambda: closed.append(True))
    watch()
    told = capsys.readouterr()
    assert told.out == "Sent: 1, failed: 0\n"
    assert told.err.count("Cannot send now, will try again") == 4
    assert len(closed) >= 4  # a new connection for every new try
