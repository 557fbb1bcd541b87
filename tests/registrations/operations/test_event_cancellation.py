"""An event that is cancelled, and one that takes place after all."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from conference.models import Event
from registrations import operations
from registrations.availability import get_availability
from registrations.mail import delivery, outbox
from registrations.models import Registration
from registrations.operations.exceptions import EventCancelled, RegistrationClosed
from registrations.privacy import erase_person
from tests.factories import build_registration, make_event, make_registration
from tests.registrations.mail.mailbox import get_calendar_entry, parse_received
from tests.registrations.stored_state import list_email_kinds, list_statuses

pytestmark = pytest.mark.django_db
NOTE = {"lv": "Tiksimies maijā.", "en": "We meet in May."}


@pytest.fixture
def event():
    return make_event(capacity=1, reminder_days=60, starts_at=timezone.now() + timedelta(days=30))


@pytest.fixture
def people(event):
    """One with a place, one on the waiting list, one who cancelled; the first two were told of it."""
    cancelled = make_registration(event, "cancelled")
    holder, _has_place = operations.register(build_registration(event, language="lv"))
    waiting, _has_place = operations.register(build_registration(event))
    delivery.send_due()
    mail.outbox.clear()
    return holder, waiting, cancelled


def get_sent() -> list[tuple[str, str, str]]:
    """Send what is due, and return the recipient, the subject and the calendar method of each message."""
    mail.outbox.clear()
    delivery.send_due()
    return [(message.to[0], message.subject, get_calendar_entry(parse_received(message))[0]) for message in mail.outbox]


def test_everybody_with_a_place_or_waiting_is_told_once_with_the_text_and_the_calendar_cancellation(event, people):
    holder, waiting, cancelled = people
    assert operations.cancel_event(event, note=NOTE)
    assert not operations.cancel_event(event, note={"en": "Again"})
    assert get_sent() == [
        (holder.email, "Pasākums atcelts: Konference", "CANCEL"),
        (waiting.email, "Event cancelled: Conference", "CANCEL"),
    ]
    assert "Konference ir atcelta." in mail.outbox[0].body
    assert "Tiksimies maijā." in mail.outbox[0].body
    assert "The conference has been cancelled." in mail.outbox[1].body
    assert "We meet in May." in mail.outbox[1].body
    assert "can no longer come" not in mail.outbox[1].body
    assert holder.manage_token in mail.outbox[0].body
    assert list_email_kinds(cancelled) == []
    assert list_statuses(event) == ["cancelled", "confirmed", "waitlisted"]


def test_the_entry_that_the_calendar_has_is_cancelled_with_a_higher_sequence(event):
    operations.register(build_registration(event))
    delivery.send_due()
    operations.cancel_event(event)
    delivery.send_due()
    (_method, added), (method, removed) = (get_calendar_entry(parse_received(message)) for message in mail.outbox)
    assert (method, removed["STATUS"], removed["UID"]) == ("CANCEL", "CANCELLED", added["UID"])
    assert removed["SEQUENCE"] > added["SEQUENCE"]
    assert removed["SUMMARY"] == "Cancelled: Conference"


def test_nobody_registers_gets_a_place_or_changes_anything_at_a_cancelled_event(event, people):
    holder, waiting, cancelled = people
    pending = make_registration(event, "pending", hold_until=timezone.now() - timedelta(hours=1))
    Event.objects.update(capacity=9)
    operations.cancel_event(event)
    Registration.objects.update(confirmed_at=timezone.now() - timedelta(days=90))
    for source in Registration.Source:
        with pytest.raises((EventCancelled, RegistrationClosed)):
            operations.register(build_registration(event, source=source))
    for operation, one in [
        *((operations.confirm, one) for one in (waiting, cancelled, pending)),
        (operations.promote_out_of_turn, waiting),
        (operations.move_to_waiting_list, holder),
        (operations.confirm_address, pending),
        (operations.rejoin, cancelled),
    ]:
        with pytest.raises(EventCancelled):
            operation(one)
    with pytest.raises(EventCancelled):
        operations.change_details(holder, values={"first_name": "Ilze"}, topics=[], email=holder.email)
    assert operations.promote_waiting_list(event) == []
    operations.release_expired_holds()
    outbox.queue_reminders()
    assert list_statuses(event) == ["cancelled", "confirmed", "waitlisted", "pending"]
    assert [list_email_kinds(one) for one in (holder, waiting, pending)] == [
        ["registered", "event_cancelled"],
        ["waitlisted", "event_cancelled"],
        ["event_cancelled"],
    ]
    assert get_availability(Event.objects.get()).state == "cancelled"


def test_who_cancels_or_is_erased_at_a_cancelled_event_moves_nobody_up(event, people):
    holder, waiting, _cancelled = people
    operations.cancel_event(event)
    assert operations.cancel(holder)
    waiting.refresh_from_db()
    assert waiting.is_waitlisted


def test_who_is_erased_at_a_cancelled_event_keeps_no_place_when_it_takes_place_after_all(event, people):
    holder, waiting, _cancelled = people
    next_in_line, _has_place = operations.register(build_registration(event))
    operations.cancel_event(event)
    get_sent()
    for one in (holder, waiting):
        erase_person(one)
    assert list_statuses(event) == ["cancelled", "cancelled", "cancelled", "waitlisted"]
    operations.restore_event(event)
    assert list_statuses(event) == ["cancelled", "cancelled", "cancelled", "confirmed"]
    assert get_sent() == [(next_in_line.email, "You now have a place: Conference", "PUBLISH")]


def test_a_list_of_links_says_which_event_is_cancelled(event, people):
    holder, _waiting, _cancelled = people
    operations.cancel_event(event)
    get_sent()
    outbox.queue_links(holder.email, "en")
    get_sent()
    assert "Status: The conference has been cancelled." in mail.outbox[0].body
    assert "confirmed" not in mail.outbox[0].body


def test_what_was_still_to_be_sent_is_replaced_by_the_cancellation(event):
    event.reminder_days = 90
    event.save()
    person, _has_place = operations.register(build_registration(event))
    outbox.queue_all([person], "reminder", is_bulk=True)
    operations.cancel_event(event)
    assert get_sent() == [(person.email, "Event cancelled: Conference", "CANCEL")]


def test_a_link_that_is_sent_again_says_that_the_event_is_cancelled(event, people):
    holder, _waiting, _cancelled = people
    operations.cancel_event(event)
    delivery.send_due()
    operations.resend_link(holder)
    assert get_sent() == [(holder.email, "Pasākums atcelts: Konference", "CANCEL")]


def test_who_was_told_is_told_that_it_takes_place_after_all_and_everything_is_as_before(event, people):
    holder, waiting, _cancelled = people
    pending = make_registration(event, "pending", hold_until=timezone.now() - timedelta(hours=1))
    operations.cancel_event(event, note=NOTE)
    get_sent()
    assert operations.restore_event(event)
    assert not operations.restore_event(event)
    assert get_sent() == [
        (holder.email, "Pasākums tomēr notiks: Konference", "PUBLISH"),
        (waiting.email, "The event takes place after all: Conference", ""),
        (pending.email, "The event takes place after all: Conference", ""),
    ]
    assert "You are number 1 on the waiting list." in mail.outbox[1].body
    assert "give up your place" not in mail.outbox[1].body
    assert "Confirm my place" in mail.outbox[2].body
    pending.refresh_from_db()
    assert pending.hold_until > timezone.now() + timedelta(hours=23)
    event.refresh_from_db()
    assert (event.is_cancelled, str(event.cancellation_note)) == (False, "")


def test_a_mistake_that_is_undone_before_anything_was_sent_is_told_to_nobody(event, people):
    operations.cancel_event(event)
    operations.restore_event(event)
    assert get_sent() == []


def test_who_registered_just_before_such_a_mistake_gets_the_confirmation(event):
    person, _has_place = operations.register(build_registration(event))
    operations.cancel_event(event)
    operations.restore_event(event)
    assert get_sent() == [(person.email, "Registration confirmed: Conference", "PUBLISH")]


def test_people_are_told_of_each_cancellation_that_they_were_not_told_of(event, people):
    for _time in range(2):
        operations.cancel_event(event)
        assert len(get_sent()) == 2
        operations.restore_event(event)
        assert len(get_sent()) == 2
    operations.cancel_event(event)
    operations.restore_event(event)
    assert get_sent() == []
