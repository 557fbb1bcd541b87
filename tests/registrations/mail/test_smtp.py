"""The outbox against a real mail server."""

import asyncio
import re
from datetime import timedelta

import icalendar
import pytest
from django.utils import timezone

from registrations import operations
from registrations.mail import delivery
from registrations.models import OutgoingEmail, Sender
from tests.factories import build_registration, make_event
from tests.registrations.mail.smtp_server import hang_up, register_people, say_nothing

pytestmark = pytest.mark.django_db


def queue_email_to(address: str) -> OutgoingEmail:
    return OutgoingEmail.objects.get(to=address)


def make_all_due() -> None:
    OutgoingEmail.objects.waiting().update(next_attempt_at=timezone.now())


def end_pause(_seconds=None) -> None:
    Sender.objects.update(next_slot_at=timezone.now())


def test_a_message_arrives_whole(server):
    registration, _has_place = operations.register(build_registration(make_event(), language="lv", first_name="Jānis"))
    assert delivery.send_due() == (1, 0)
    (envelope,), (message,) = server.envelopes, server.messages
    assert (envelope.mail_from, envelope.rcpt_tos) == ("conference@localhost", [registration.email])
    assert re.fullmatch(r"<[0-9a-f]{40}@localhost>", message["Message-ID"])
    assert (message["From"], message["To"]) == ("conference@localhost", registration.email)
    assert (message["Cc"], message["Bcc"]) == (None, None)
    assert message["Reply-To"] == "organisers@example.org"
    assert message["Subject"] == "Reģistrācija apstiprināta: Konference"
    for kind in ("plain", "html"):
        body = message.get_body((kind,)).get_content()
        assert "Labdien!" in body
        assert "Vārds: Jānis" in body
        assert f"http://localhost:8000/lv/r/{registration.manage_token}/" in body
    (attachment,) = message.iter_attachments()
    assert attachment.get_content_type() == "text/calendar"
    (entry,) = icalendar.Calendar.from_ical(attachment.get_content()).walk("VEVENT")
    assert entry["SUMMARY"] == "Konference"
    assert not any(part.defects for part in message.walk())


def test_messages_share_a_connection_unless_the_pause_between_them_is_long(server, settings):
    register_people(make_event())
    assert delivery.send_due() == (3, 0)
    assert len(server.clients) == 1
    settings.EMAIL_RATE = (1, 60)
    register_people(make_event())
    assert delivery.send_due(wait=end_pause) == (3, 0)
    assert len(server.clients) == 1 + 3


def test_what_is_signed_up_while_the_server_is_down_arrives_once_when_it_is_up(server):
    server.stop()
    addresses = register_people(make_event())
    assert delivery.send_due() == (0, 0)
    assert OutgoingEmail.objects.due().filter(attempts=0).count() == 3
    server.loop = asyncio.new_event_loop()
    server.start()
    assert delivery.send_due() == (0, 0)  # not before the pause is over
    end_pause()
    assert delivery.send_due() == (3, 0)
    assert delivery.send_due() == (0, 0)
    assert server.addresses == addresses


@pytest.mark.parametrize(
    ("trouble", "error"), [(say_nothing, "timed out"), (hang_up, "Connection unexpectedly closed")]
)
def test_what_the_server_takes_without_saying_so_comes_again_as_the_same_message(server, settings, trouble, error):
    settings.EMAIL_TIMEOUT = 2
    first, troubled, last = register_people(make_event())
    server.answers["DATA", troubled] = trouble
    assert delivery.send_due() == (2, 1)
    assert error in queue_email_to(troubled).last_error
    server.answers.clear()
    make_all_due()
    assert delivery.send_due() == (1, 0)
    assert (queue_email_to(troubled).attempts, queue_email_to(troubled).last_error) == (2, "")
    assert delivery.send_due() == (0, 0)
    assert server.addresses == [first, troubled, last, troubled]
    identities = [message["Message-ID"] for message in server.messages]
    assert identities[1] == identities[3]
    assert len(set(identities)) == 3


@pytest.mark.parametrize(
    ("command", "answer"),
    [("RCPT", "550 5.1.1 No such person here, ever"), ("DATA", "554 5.6.0 Nothing of this kind, ever")],
)
def test_a_message_refused_for_good_is_given_up_at_once_and_the_others_are_sent(server, command, answer):
    first, refused, last = register_people(make_event())
    server.answers[command, refused] = answer
    assert delivery.send_due() == (2, 1)
    email = queue_email_to(refused)
    assert (email.attempts, email.next_attempt_at, email.sent_at) == (1, None, None)
    assert answer[4:] in email.last_error
    assert list(OutgoingEmail.objects.given_up()) == [email]
    assert delivery.send_due() == (0, 0)
    assert server.addresses == [first, last]


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("RCPT", "451 4.7.1 Not yet"),
        ("DATA", "452 4.3.1 No room"),
        # These are about the site, not about the message.
        ("RCPT", "554 5.7.1 Access denied"),
        ("RCPT", "550 relay not permitted"),
        ("DATA", "550 5.7.26 Unauthenticated mail"),
    ],
)
def test_what_is_refused_for_now_is_tried_again_after_a_minute(server, command, answer):
    (address,) = register_people(make_event(), 1)
    server.answers[command, address] = answer
    start, minute = timezone.now(), timedelta(minutes=1)
    assert delivery.send_due() == (0, 1)
    email = queue_email_to(address)
    assert not OutgoingEmail.objects.given_up().exists()
    assert start + minute < email.next_attempt_at < timezone.now() + minute
    assert (email.attempts, email.sent_at) == (1, None)
    assert answer[4:] in email.last_error
    server.answers.clear()
    make_all_due()
    assert delivery.send_due() == (1, 0)
    assert server.addresses == [address]
