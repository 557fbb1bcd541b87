"""The outbox against a real mail server, also with senders in processes of their own that are killed at work."""

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from urllib.parse import urlsplit, urlunsplit

import icalendar
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import MISSING
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from registrations import operations, sending
from registrations.models import OutgoingEmail, Sender
from tests.config.test_run import free_port
from tests.factories import make_event, make_registration, person
from tests.registrations.test_concurrency import PATIENCE, all_at_once

pytestmark = pytest.mark.django_db

WATCHING = ("--watch", "--pause", "0.05")
KILLS = 5


class MailServer(Controller):
    """Takes every message, but for what `answers` says, by command and address (or by DATA alone).

    An answer is what the server says, or what it does with a message that it has taken before it says so.
    """

    def __init__(self):
        super().__init__(self, "127.0.0.1", free_port(), ready_timeout=PATIENCE)
        self.answers = {}
        self.pause = 0  # seconds, before a message and after it
        self.envelopes, self.addresses, self.messages = [], [], []  # of what was taken
        self.clients = set()

    async def handle_MAIL(self, protocol, session, envelope, address, options):
        return self.answers.get(("MAIL", address), MISSING)

    async def handle_RCPT(self, protocol, session, envelope, address, options):
        await asyncio.sleep(self.pause)
        return self.answers.get(("RCPT", address), MISSING)

    async def handle_DATA(self, protocol, session, envelope):
        answer = self.answers.get(("DATA", *envelope.rcpt_tos)) or self.answers.get("DATA")
        if isinstance(answer, str):
            return answer
        self.clients.add(session.peer)
        self.envelopes.append(envelope)
        self.addresses += envelope.rcpt_tos
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        await (answer(protocol) if answer else asyncio.sleep(self.pause))
        return "250 OK"


async def say_nothing(protocol):
    await asyncio.sleep(PATIENCE)


async def hang_up(protocol):
    protocol.transport.abort()
    await say_nothing(protocol)


@pytest.fixture
def server(settings):
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
    server.start()
    yield server
    server.stop()


@contextmanager
def sender(server, *options):
    """`manage.py send_emails` at work on the tests' database, in a process of its own."""
    database = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}")
    mail = {"EMAIL_URL": f"smtp://{server.hostname}:{server.port}", "EMAIL_RATE": "10000/s"}
    with subprocess.Popen(
        [sys.executable, "manage.py", "send_emails", *options],
        cwd=settings.BASE_DIR,
        env={**os.environ, **mail, "DATABASE_URL": urlunsplit(database)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def sent_by(process) -> int:
    """How many messages the sender says that it sent, once it has ended."""
    output, _error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    return sum(map(int, re.findall(r"Sent: (\d+), failed: 0\n", output)))


def wait_for(condition) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"It did not happen within {PATIENCE} seconds."
        time.sleep(0.005)


def is_all_sent() -> bool:
    return not OutgoingEmail.objects.filter(sent_at=None).exists()


def sign_up(event, number: int = 3) -> list[str]:
    """The addresses of so many who signed up."""
    return [operations.register(person(event)).registration.email for _number in range(number)]


def email_to(address: str) -> OutgoingEmail:
    return OutgoingEmail.objects.get(to=address)


def let_the_pause_pass() -> None:
    OutgoingEmail.objects.waiting().update(next_attempt_at=timezone.now())


def test_a_message_arrives_whole(server):
    registration, _has_place = operations.register(person(make_event(), language="lv", first_name="Jānis"))
    assert sending.send_due() == (1, 0)
    (envelope,), (message,) = server.envelopes, server.messages
    assert (envelope.mail_from, envelope.rcpt_tos) == ("conference@localhost", [registration.email])
    assert re.fullmatch(r"<[0-9a-f]{40}@localhost>", message["Message-ID"])
    assert (message["From"], message["To"]) == ("conference@localhost", registration.email)
    assert (message["Cc"], message["Bcc"]) == (None, None)
    assert message["Reply-To"] == "organisers@example.org"
    assert message["Subject"] == "Reģistrācija apstiprināta: Konference"
    for kind in ("plain", "html"):
        body = message.get_body((kind,)).get_content()
        assert "Labdien, Jānis!" in body
        assert f"http://localhost:8000/lv/r/{registration.manage_token}/" in body
    (attachment,) = message.iter_attachments()
    assert attachment.get_content_type() == "text/calendar"
    (entry,) = icalendar.Calendar.from_ical(attachment.get_content()).walk("VEVENT")
    assert entry["SUMMARY"] == "Konference"
    assert not any(part.defects for part in message.walk())


def test_messages_share_a_connection_unless_the_pause_between_them_is_long(server, settings):
    sign_up(make_event())
    assert sending.send_due() == (3, 0)
    assert len(server.clients) == 1
    settings.EMAIL_RATE = (1, 60)
    sign_up(make_event())
    assert sending.send_due(wait=lambda seconds: None) == (3, 0)
    assert len(server.clients) == 1 + 3


def test_what_is_signed_up_while_the_server_is_down_arrives_once_when_it_is_up(server):
    server.stop()
    addresses = sign_up(make_event())
    assert sending.send_due() == (0, 3)
    assert OutgoingEmail.objects.waiting().filter(attempts=1, last_error__contains="refused").count() == 3
    server.loop = asyncio.new_event_loop()
    server.start()
    assert sending.send_due() == (0, 0)  # not before the pause is over
    let_the_pause_pass()
    assert sending.send_due() == (3, 0)
    assert sending.send_due() == (0, 0)
    assert Counter(server.addresses) == dict.fromkeys(addresses, 1)


@pytest.mark.parametrize(
    ("trouble", "error"), [(say_nothing, "timed out"), (hang_up, "Connection unexpectedly closed")]
)
def test_what_the_server_takes_without_saying_so_comes_again_as_the_same_message(server, settings, trouble, error):
    settings.EMAIL_TIMEOUT = 2
    first, troubled, last = sign_up(make_event())
    server.answers["DATA", troubled] = trouble
    assert sending.send_due() == (2, 1)
    assert error in email_to(troubled).last_error
    server.answers.clear()
    let_the_pause_pass()
    assert sending.send_due() == (1, 0)
    assert (email_to(troubled).attempts, email_to(troubled).last_error) == (2, "")
    assert sending.send_due() == (0, 0)
    assert server.addresses == [first, troubled, last, troubled]
    identities = [message["Message-ID"] for message in server.messages]
    assert identities[1] == identities[3]
    assert len(set(identities)) == 3


@pytest.mark.parametrize(
    ("command", "answer"),
    [("RCPT", "550 5.1.1 No such person here, ever"), ("DATA", "554 5.6.0 Nothing of this kind, ever")],
)
def test_a_message_refused_for_good_is_given_up_at_once_and_the_others_are_sent(server, command, answer):
    first, refused, last = sign_up(make_event())
    server.answers[command, refused] = answer
    assert sending.send_due() == (2, 1)
    email = email_to(refused)
    assert (email.attempts, email.next_attempt_at, email.sent_at) == (1, None, None)
    assert answer[4:] in email.last_error
    assert list(OutgoingEmail.objects.given_up()) == [email]
    assert sending.send_due() == (0, 0)
    assert server.addresses == [first, last]


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("RCPT", "451 4.7.1 Not yet"),
        ("DATA", "452 4.3.1 No room"),
        # These are about the site, not about the message.
        ("MAIL", "550 5.7.1 Not from you"),
        ("RCPT", "554 5.7.1 Access denied"),
        ("RCPT", "550 relay not permitted"),
        ("DATA", "550 5.7.26 Unauthenticated mail"),
    ],
)
def test_what_is_refused_for_now_is_tried_again_after_a_minute(server, command, answer):
    (address,) = sign_up(make_event(), 1)
    server.answers[command, "conference@localhost" if command == "MAIL" else address] = answer
    start, minute = timezone.now(), timedelta(minutes=1)
    assert sending.send_due() == (0, 1)
    email = email_to(address)
    assert not OutgoingEmail.objects.given_up().exists()
    assert start + minute < email.next_attempt_at < timezone.now() + minute
    assert (email.attempts, email.sent_at) == (1, None)
    assert answer[4:] in email.last_error
    server.answers.clear()
    let_the_pause_pass()
    assert sending.send_due() == (1, 0)
    assert server.addresses == [address]


@pytest.mark.django_db(transaction=True)
def test_senders_killed_at_any_moment_lose_nothing_and_repeat_only_what_was_under_way(server):
    server.pause = 0.02
    event = make_event()
    acknowledged = []

    def people_come():
        for _number in range(20):
            time.sleep(random.uniform(0, 0.4))
            acknowledged.extend(sign_up(event, 1))

    def senders_die():
        for number in range(1, KILLS + 1):
            with sender(server, *WATCHING) as process:
                wait_for(lambda enough=8 * number: len(server.addresses) >= enough)
                time.sleep(random.uniform(0, 0.05))
                process.kill()
                assert process.wait(PATIENCE) == -signal.SIGKILL

    all_at_once(lambda work: work(), [people_come, people_come, people_come, senders_die])
    with sender(server, *WATCHING) as last:
        wait_for(is_all_sent)
        last.terminate()
        sent_by(last)
    assert len(set(acknowledged)) == OutgoingEmail.objects.count() == 60
    assert set(server.addresses) == set(acknowledged)
    assert len(server.addresses) <= 60 + KILLS
    assert len({message["Message-ID"] for message in server.messages}) == 60  # what came again is the same message


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_share_the_messages_and_send_each_once(server):
    async def wait_for_the_other(protocol):
        for _attempt in range(1000):
            if len(server.clients) == 2:
                break
            await asyncio.sleep(0.02)

    server.answers["DATA"] = wait_for_the_other
    addresses = sign_up(make_event(), 60)
    with sender(server, *WATCHING) as one, sender(server, *WATCHING) as other:
        wait_for(is_all_sent)
        one.terminate()
        other.terminate()
        shares = [sent_by(one), sent_by(other)]
    assert sum(shares) == 60
    assert min(shares) > 0
    assert Counter(server.addresses) == dict.fromkeys(addresses, 1)


@pytest.mark.django_db(transaction=True)
def test_two_senders_together_keep_the_pace_of_one(server, settings):
    settings.EMAIL_RATE = (20, 1)
    step = timedelta(milliseconds=50)
    addresses = sign_up(make_event(), 10)
    start = timezone.now()
    results = all_at_once(lambda _number: sending.send_due(), range(2))
    assert sum(sent for sent, _failed in results) == 10
    assert Counter(server.addresses) == dict.fromkeys(addresses, 1)
    assert Sender.objects.get().next_slot_at - start >= 10 * step
    sent_at = OutgoingEmail.objects.order_by("sent_at").values_list("sent_at", flat=True)
    assert all(moment - start >= number * step for number, moment in enumerate(sent_at))


@pytest.mark.django_db(transaction=True)
def test_reminders_queued_by_three_senders_at_once_arrive_once(server):
    now = timezone.now()
    event = make_event(starts_at=now + timedelta(days=2), reminder_days=3)
    people = [make_registration(event, confirmed_at=now - timedelta(days=2)) for _number in range(10)]
    make_registration(event)  # got a place after the reminder's time

    def are_about_to_write():
        cursor.execute(
            "SELECT count(*) = 3 OR max(clock_timestamp() - waitstart) > '5 s' "  # before lock_timeout, however busy
            "FROM pg_locks WHERE NOT granted AND relation = 'registrations_outgoingemail'::regclass"
        )
        return cursor.fetchone()[0]

    with ExitStack() as processes:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE registrations_outgoingemail IN SHARE MODE")  # others may read, but not write
            senders = [processes.enter_context(sender(server)) for _number in range(3)]
            wait_for(are_about_to_write)  # each has seen that nobody is reminded yet
        assert sum(map(sent_by, senders)) == 10
    assert Counter(server.addresses) == {person.email: 1 for person in people}
    with sender(server) as again:
        assert sent_by(again) == 0
    assert len(server.addresses) == 10
