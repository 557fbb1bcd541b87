"""Two senders and one person: what is told first arrives first, and the calendar is put right."""

import threading

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from registrations import operations
from registrations.mail import delivery, mailbox_limit
from tests.factories import build_registration, make_event
from tests.registrations.concurrency.threads import run_at_once
from tests.registrations.mail.mailbox import get_calendar_entry, parse_received
from tests.registrations.mail.test_staleness import CANCELLED, CONFIRMED
from tests.waiting import TIMEOUT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("crowd")]


@pytest.mark.parametrize(
    ("waits_for_the_other", "expected"),
    [
        (True, [(CONFIRMED, "PUBLISH"), (CANCELLED, "CANCEL")]),
        (False, [(CANCELLED, ""), (CONFIRMED, "PUBLISH")]),  # what would happen without the lock
    ],
)
def test_a_slow_message_is_not_overtaken_by_the_next_to_the_same_person(monkeypatch, waits_for_the_other, expected):
    if not waits_for_the_other:
        monkeypatch.setattr(delivery, "lock_recipient", lambda registration_id: True)
        monkeypatch.setattr(mailbox_limit, "lock_mailbox", lambda mailbox: True)
    registration = operations.register(build_registration(make_event())).registration
    is_under_way, may_end = threading.Event(), threading.Event()
    send = EmailMultiAlternatives.send

    def send_slowly(message):
        if message.subject == CONFIRMED:
            is_under_way.set()
            assert may_end.wait(TIMEOUT)
        return send(message)

    def cancel_and_send():
        assert is_under_way.wait(TIMEOUT)
        operations.cancel(registration)
        delivery.send_due()
        may_end.set()

    monkeypatch.setattr(EmailMultiAlternatives, "send", send_slowly)
    run_at_once(lambda work: work(), [delivery.send_due, cancel_and_send])
    delivery.send_due()
    assert [(message.subject, get_calendar_entry(parse_received(message))[0]) for message in mail.outbox] == expected


def test_another_person_is_written_to_meanwhile(monkeypatch):
    event = make_event()
    first, second = [operations.register(build_registration(event)).registration for _number in range(2)]
    monkeypatch.setattr(delivery, "lock_recipient", lambda registration_id: registration_id != first.pk)
    assert delivery.send_due() == (1, 0)
    assert [message.to for message in mail.outbox] == [[second.email]]
    assert first.emails.get().next_attempt_at
