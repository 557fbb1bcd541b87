"""Senders in processes of their own on one outbox: killed at work, sharing it, keeping the pace together."""

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
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from registrations.mail import delivery
from registrations.models import OutgoingEmail, Sender
from tests.factories import make_event, make_registration
from tests.registrations.concurrency.threads import run_at_once
from tests.registrations.mail.smtp_server import register_people
from tests.waiting import TIMEOUT, wait_for

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("crowd")]

WATCH_OPTIONS = ("--watch", "--pause", "0.05")
KILLS = 5


@contextmanager
def start_sender(server, *options):
    """`manage.py send_emails` at work on the tests' database, in a process of its own."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
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


def stop_and_count_sent(process) -> int:
    """How many messages the sender says that it sent, once it has ended."""
    output, _error = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0, output
    return sum(map(int, re.findall(r"Sent: (\d+), failed: 0\n", output)))


def is_outbox_empty() -> bool:
    return not OutgoingEmail.objects.filter(sent_at=None).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.proof
@pytest.mark.slow
def test_senders_killed_at_any_moment_lose_nothing_and_repeat_only_what_was_under_way(server):
    server.pause = 0.02
    event = make_event()
    acknowledged = []

    def people_come():
        for _number in range(20):
            time.sleep(random.uniform(0, 0.4))
            acknowledged.extend(register_people(event, 1))

    def senders_die():
        for number in range(1, KILLS + 1):
            with start_sender(server, *WATCH_OPTIONS) as process:
                wait_for(lambda enough=8 * number: len(server.addresses) >= enough)
                time.sleep(random.uniform(0, 0.05))
                process.kill()
                assert process.wait(TIMEOUT) == -signal.SIGKILL

    run_at_once(lambda work: work(), [people_come, people_come, people_come, senders_die])
    with start_sender(server, *WATCH_OPTIONS) as last:
        wait_for(is_outbox_empty)
        last.terminate()
        stop_and_count_sent(last)
    assert len(set(acknowledged)) == OutgoingEmail.objects.count() == 60
    assert set(server.addresses) == set(acknowledged)
    assert len(server.addresses) <= 60 + KILLS
    assert len({message["Message-ID"] for message in server.messages}) == 60  # what came again is the same message


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_share_the_messages_and_send_each_once(server):
    async def wait_for_the_other(protocol):
        while len(server.clients) < 2:
            await asyncio.sleep(0.02)

    server.answers["DATA"] = wait_for_the_other
    addresses = register_people(make_event(), 60)
    with start_sender(server, *WATCH_OPTIONS) as one, start_sender(server, *WATCH_OPTIONS) as other:
        wait_for(is_outbox_empty)
        one.terminate()
        other.terminate()
        shares = [stop_and_count_sent(one), stop_and_count_sent(other)]
    assert sum(shares) == 60
    assert min(shares) > 0
    assert Counter(server.addresses) == dict.fromkeys(addresses, 1)


@pytest.mark.django_db(transaction=True)
def test_two_senders_together_keep_the_pace_of_one(server, settings):
    settings.EMAIL_RATE = (20, 1)
    step = timedelta(milliseconds=50)
    addresses = register_people(make_event(), 10)
    start = timezone.now()
    results = run_at_once(lambda _number: delivery.send_due(), range(2))
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
            senders = [processes.enter_context(start_sender(server)) for _number in range(3)]
            wait_for(are_about_to_write)  # each has seen that nobody is reminded yet
        assert sum(map(stop_and_count_sent, senders)) == 10
    assert Counter(server.addresses) == {person.email: 1 for person in people}
    with start_sender(server) as again:
        assert stop_and_count_sent(again) == 0
    assert len(server.addresses) == 10
