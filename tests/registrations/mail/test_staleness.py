"""What people are told when one thing follows another before the first e-mail is out: only what is so."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from registrations import operations
from registrations.mail import delivery, outbox
from registrations.models import OutgoingEmail
from tests.factories import build_registration, make_event, make_registration
from tests.registrations.mail.mailbox import get_calendar_entry, parse_received

pytestmark = pytest.mark.django_db

CONFIRMED, CANCELLED = "Registration confirmed: Conference", "Registration cancelled: Conference"


@pytest.fixture(autouse=True)
def _freeze_time(time_machine):
    """So everything happens within one second, which is the hardest."""
    time_machine.move_to("2026-11-23T12:00:00Z", tick=False)


@pytest.fixture
def event():
    return make_event(starts_at=timezone.now() + timedelta(days=90))


def send_and_list() -> list[tuple[str, str]]:
    """Subject and calendar method of everything sent, in its order, after sending what is due."""
    delivery.send_due()
    return [(message.subject, get_calendar_entry(parse_received(message))[0]) for message in mail.outbox]


def list_calendar_sequences() -> list[int]:
    return [
        int(entry["SEQUENCE"]) for _method, entry in map(get_calendar_entry, map(parse_received, mail.outbox)) if entry
    ]


def change(registration):
    assert operations.change_details(registration, values={"first_name": "Ilze"}, topics=[], email=registration.email)


def let_hold_lapse(registration, time_machine):
    """While their mail server refuses the e-mail about it for now."""
    lapsed = timedelta(hours=registration.event.hold_hours + 1)
    registration.emails.update(attempts=5, next_attempt_at=timezone.now() + lapsed)
    time_machine.shift(lapsed)
    operations.release_expired_holds()


def test_who_changes_and_cancels_within_moments_is_told_that_it_is_cancelled_and_nothing_else(event):
    registration, _has_place = operations.register(build_registration(event))
    assert send_and_list() == [(CONFIRMED, "PUBLISH")]
    change(registration)
    operations.cancel(registration)
    assert send_and_list()[1:] == [(CANCELLED, "CANCEL")]
    assert "First name: Ilze" in mail.outbox[1].body
    assert registration.emails.get(kind="changed").state == "out of date, not sent"
    assert list_calendar_sequences() == sorted(set(list_calendar_sequences()))


def test_who_cancels_and_comes_back_within_moments_is_told_of_the_place_alone(event):
    registration, _has_place = operations.register(build_registration(event))
    send_and_list()
    operations.cancel(registration)
    operations.rejoin(registration)
    assert send_and_list()[1:] == [(CONFIRMED, "PUBLISH")]
    operations.cancel(registration)
    operations.rejoin(registration)
    operations.cancel(registration)
    assert send_and_list()[2:] == [(CANCELLED, "CANCEL")]
    assert list_calendar_sequences() == sorted(set(list_calendar_sequences()))
    assert len(list_calendar_sequences()) == 3


def test_who_gets_a_place_before_hearing_of_the_waiting_list_hears_of_the_place(event):
    event.capacity = 1
    event.save()
    holder, _has_place = operations.register(build_registration(event))
    waiting, _has_place = operations.register(build_registration(event))
    operations.cancel(holder)
    delivery.send_due()
    assert sorted(
        (message.to[0], message.subject, get_calendar_entry(parse_received(message))[0]) for message in mail.outbox
    ) == sorted([(holder.email, CANCELLED, ""), (waiting.email, "You now have a place: Conference", "PUBLISH")])


def test_who_is_confirmed_before_being_asked_to_confirm_is_told_once(event):
    event.confirm_email = True
    event.save()
    registration, _has_place = operations.register(build_registration(event))
    operations.confirm(registration)
    change(registration)
    assert send_and_list() == [(CONFIRMED, "PUBLISH"), ("Your registration has been changed: Conference", "PUBLISH")]
    assert "You have a place." in mail.outbox[1].body


def test_what_organisers_change_of_the_event_meanwhile_is_in_words_and_calendar(event):
    operations.register(build_registration(event))
    event.starts_at += timedelta(hours=1)
    event.save()
    delivery.send_due()
    ((_method, entry),) = map(get_calendar_entry, map(parse_received, mail.outbox))
    assert entry["DTSTART"].dt == event.starts_at
    assert event.when in mail.outbox[0].body


def test_a_message_tried_again_says_what_is_so_by_then(event, monkeypatch, time_machine):
    registration, _has_place = operations.register(build_registration(event))
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "get_connection", None)
        with pytest.raises(TypeError):
            delivery.send_due()
    email = registration.emails.get()
    delivery.build_message(email)
    email.mark_failed(timezone.now(), "ConnectionRefusedError")
    email.save()
    event.starts_at += timedelta(hours=1)
    event.save()
    time_machine.shift(60)
    delivery.send_due()
    assert event.when in mail.outbox[0].body
    assert get_calendar_entry(parse_received(mail.outbox[0]))[1]["DTSTART"].dt == event.starts_at


def test_who_was_given_a_place_without_a_word_still_hears_how_their_sign_up_ended(event):
    event.capacity = 0
    event.save()
    registration, _has_place = operations.register(build_registration(event))
    operations.promote_beyond_capacity(registration, notify=False)
    assert send_and_list() == [(CONFIRMED, "PUBLISH")]


def test_whom_organisers_cancelled_without_a_word_is_not_told_of_a_place(event):
    registration, _has_place = operations.register(build_registration(event))
    operations.cancel(registration, notify=False)
    assert send_and_list() == []


def test_whose_hold_lapsed_before_any_message_left_is_told_so_and_how_to_come_back(event, time_machine):
    event.confirm_email = True
    event.save()
    registration, _has_place = operations.register(build_registration(event))
    let_hold_lapse(registration, time_machine)
    assert send_and_list() == [(CANCELLED, "")]
    assert "so it has been released" in mail.outbox[0].body
    assert re.search(rf"/r/{registration.reference}\.\S+/", mail.outbox[0].body)


def test_an_older_message_that_organisers_send_once_more_goes_out_after_a_newer_one(event, time_machine):
    registration, _has_place = operations.register(build_registration(event))
    send_and_list()
    change(registration)
    operations.resend_link(registration)
    send_and_list()
    time_machine.shift(60)
    first = registration.emails.order_by("pk")[0]
    first.mark_for_resend(timezone.now())
    first.save()
    assert send_and_list()[2:] == [(CONFIRMED, "PUBLISH")]


def test_a_cancelled_entry_is_taken_out_though_its_message_was_to_be_sent_once_more(event, time_machine):
    registration, _has_place = operations.register(build_registration(event))
    send_and_list()
    time_machine.shift(60)
    email = registration.emails.get()
    email.mark_for_resend(timezone.now())
    email.save()
    operations.cancel(registration)
    assert send_and_list()[1:] == [(CANCELLED, "CANCEL")]


def test_what_goes_to_somebody_else_or_tells_something_else_overtakes_nothing(event):
    registration, other = make_registration(event), make_registration(event)
    outbox.queue(registration, "registered")
    outbox.queue(other, "registered")
    outbox.queue(registration, "already_registered")
    assert [subject for subject, _method in send_and_list()] == [
        CONFIRMED,
        CONFIRMED,
        "You are already registered: Conference",
    ]
    assert not OutgoingEmail.objects.waiting().exists()


def test_a_reminder_that_came_late_does_not_hide_what_the_calendar_holds(time_machine):
    event = make_event(starts_at=timezone.now() + timedelta(days=3), reminder_days=2)
    registration, _has_place = operations.register(build_registration(event))
    assert send_and_list() == [(CONFIRMED, "PUBLISH")]
    time_machine.shift(timedelta(days=1, minutes=1))
    outbox.queue_reminders()
    registration.emails.filter(kind="reminder").update(next_attempt_at=timezone.now() + timedelta(minutes=30))
    time_machine.shift(60)
    operations.cancel(registration)
    assert send_and_list()[1:] == [(CANCELLED, "CANCEL")]
    operations.confirm(registration, notify=False)
    time_machine.shift(timedelta(minutes=40))
    assert [method for _subject, method in send_and_list()[2:]] == ["PUBLISH"]
    operations.cancel(registration)
    assert send_and_list()[3:] == [(CANCELLED, "CANCEL")]


def test_the_clock_of_another_machine_drops_nothing(time_machine, event):
    registration, _has_place = operations.register(build_registration(event))
    assert send_and_list() == [(CONFIRMED, "PUBLISH")]
    time_machine.shift(-5)
    operations.cancel(registration)
    time_machine.shift(10)
    assert send_and_list()[1:] == [(CANCELLED, "CANCEL")]


def test_of_a_lapsed_place_people_are_told_once(time_machine):
    event = make_event(starts_at=timezone.now() + timedelta(days=90), confirm_email=True)
    registration, _has_place = operations.register(build_registration(event))
    change(registration)
    let_hold_lapse(registration, time_machine)
    assert send_and_list() == [(CANCELLED, "")]


def test_a_search_for_links_that_failed_for_good_is_no_reason_to_send_none(event):
    registration = make_registration(event)
    outbox.queue_links(registration.email, "en")
    failed = OutgoingEmail.objects.get()
    failed.mark_failed(timezone.now(), "554 no", for_good=True)
    failed.save()
    outbox.queue_links(registration.email, "en")
    assert [subject for subject, _method in send_and_list()] == ["Your personal links to your registrations"]
