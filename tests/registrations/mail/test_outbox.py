"""Reminders, and what else goes to many: who gets it, once, and after everything that concerns one person."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from registrations import operations
from registrations.mail import delivery, outbox
from registrations.models import OutgoingEmail, Sender
from tests.factories import make_event, make_registration
from tests.registrations.stored_state import list_email_kinds

pytestmark = pytest.mark.django_db


def make_upcoming_event(**values):
    """An event in two days whose reminder goes out three days before."""
    return make_event(**{"starts_at": timezone.now() + timedelta(days=2), "reminder_days": 3, **values})


def make_confirmed(event, **values):
    return make_registration(event, confirmed_at=timezone.now() - timedelta(days=9), **values)


def test_a_reminder_goes_out_once_however_often_the_sender_looks():
    registration = make_confirmed(make_upcoming_event())
    for _number in range(3):
        outbox.queue_reminders()
        delivery.send_due()
    assert list_email_kinds(registration) == ["reminder"]
    assert len(mail.outbox) == 1
    day = date_format(registration.event.starts_at.astimezone(registration.event.zone), "j F")
    assert mail.outbox[0].subject == f"Reminder: Conference, {day}"
    assert f"/en/r/{registration.manage_token}/cancel/" in mail.outbox[0].body


def test_the_database_itself_refuses_a_second_reminder():
    registration = make_confirmed(make_upcoming_event())
    outbox.queue(registration, "reminder")
    with pytest.raises(IntegrityError, match="email_one_reminder_per_registration"), transaction.atomic():
        outbox.queue(registration, "reminder")


@pytest.mark.parametrize(
    "values",
    [
        {"reminder_days": None},
        {"reminder_days": 1},
        {"is_published": False},
        {"starts_at": timezone.now() - timedelta(hours=1)},
    ],
    ids=["off", "not yet", "not published", "started already"],
)
def test_no_reminder_goes_out_when_none_is_due(values):
    registration = make_confirmed(make_upcoming_event(**values))
    outbox.queue_reminders()
    assert list_email_kinds(registration) == []


@pytest.mark.parametrize("status", ["pending", "waitlisted", "cancelled"])
def test_only_who_has_a_place_is_reminded(status):
    registration = make_registration(make_upcoming_event(), status, confirmed_at=timezone.now() - timedelta(days=9))
    outbox.queue_reminders()
    assert list_email_kinds(registration) == []


def test_who_got_the_place_after_the_reminders_time_was_told_then():
    registration = make_registration(make_upcoming_event())
    outbox.queue_reminders()
    assert list_email_kinds(registration) == []


def test_who_cancels_before_the_reminder_is_sent_gets_none():
    registration = make_confirmed(make_upcoming_event())
    outbox.queue_reminders()
    operations.cancel(registration)
    delivery.send_due()
    assert [message.subject for message in mail.outbox] == ["Registration cancelled: Conference"]
    assert registration.emails.get(kind="reminder").state == "out of date, not sent"


def test_what_concerns_one_person_goes_before_what_goes_to_many():
    event = make_upcoming_event()
    many = [make_confirmed(event) for _number in range(3)]
    outbox.queue_reminders()
    one = make_registration(event)
    outbox.queue(one, "registered")
    delivery.send_due()
    assert [message.to[0] for message in mail.outbox] == [one.email, *(registration.email for registration in many)]


def test_a_message_tried_again_after_it_became_untrue_is_dropped():
    registration = make_registration(make_event())
    email = outbox.queue(registration, "registered")
    email.mark_failed(timezone.now(), "ConnectionRefusedError")
    email.next_attempt_at = timezone.now()
    email.save()
    operations.cancel(registration)
    assert delivery.send_due() == (1, 0)
    assert mail.outbox[0].subject == "Registration cancelled: Conference"
    assert not OutgoingEmail.objects.given_up().exists()


def test_the_pace_is_kept_between_messages(settings, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    settings.EMAIL_RATE = (2, 1)
    event = make_event()
    for _number in range(3):
        outbox.queue(make_registration(event), "registered")
    pauses = []

    def wait(seconds):
        pauses.append(seconds)
        time_machine.shift(seconds)

    assert delivery.send_due(wait=wait) == (3, 0)
    assert pauses == [0.5, 0.5]  # the first goes out at once


def test_a_sender_that_is_told_to_stop_while_it_waits_sends_nothing_more(settings):
    settings.EMAIL_RATE = (1, 3600)
    event = make_event()
    for _number in range(2):
        outbox.queue(make_registration(event), "registered")
    stopped = []
    assert delivery.send_due(lambda: bool(stopped), stopped.append) == (1, 0)
    assert len(mail.outbox) == 1


def test_every_look_is_noted():
    before = timezone.now()
    delivery.send_due()
    assert before <= Sender.objects.get().last_ran_at <= timezone.now()


def test_what_was_asked_about_an_address_and_taken_back_is_not_said_again():
    registration = make_registration(make_event())
    operations.change_details(registration, values={}, topics=[], email="new@example.lv")
    operations.change_details(registration, values={}, topics=[], email=registration.email)
    delivery.send_due()
    assert mail.outbox == []


def test_who_was_confirmed_before_the_message_went_out_is_not_asked_to_confirm():
    registration = make_registration(make_event(confirm_email=True), "pending")
    outbox.queue(registration, "confirm")
    operations.confirm(registration)
    delivery.send_due()
    assert [message.subject for message in mail.outbox] == ["Registration confirmed: Conference"]
