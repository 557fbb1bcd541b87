"""The time of a held place counts from when its e-mail goes out, however long that could not be sent."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from registrations import operations
from registrations.mail import delivery, outbox
from tests.factories import build_registration, make_event, make_registration

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _freeze_time(time_machine):
    time_machine.move_to("2026-11-23T12:00:00Z", tick=False)


@pytest.fixture
def event():
    return make_event(starts_at=timezone.now() + timedelta(days=90), capacity=1, confirm_email=True, hold_hours=24)


@pytest.fixture
def person(event):
    return operations.register(build_registration(event, email="anna@example.lv")).registration


def look_after_holds() -> None:
    """What a sender does before it sends."""
    operations.renew_untold_holds()
    operations.release_expired_holds()


def wait_hours(time_machine, number: int, *, sending: bool = False) -> None:
    for _hour in range(number):
        time_machine.shift(HOUR)
        look_after_holds()
        if sending:
            delivery.send_due()


def test_a_place_is_held_while_its_e_mail_cannot_go_out_and_for_all_its_time_after_that(event, person, time_machine):
    wait_hours(time_machine, 72)
    operations.register(build_registration(event))
    assert delivery.send_due()[1] == 0
    person.refresh_from_db()
    assert (person.status, person.hold_until - timezone.now()) == ("pending", 24 * HOUR)
    assert mail.outbox[0].subject.startswith("Please confirm your place by 27 November 2026, 14:00")
    wait_hours(time_machine, 23, sending=True)
    person.refresh_from_db()
    assert person.status == "pending"
    wait_hours(time_machine, 1, sending=True)
    person.refresh_from_db()
    assert person.status == "cancelled"


def test_nobody_gets_a_place_whose_holder_could_not_be_told_of_it_although_no_sender_runs(event, person, time_machine):
    time_machine.shift(72 * HOUR)
    other, has_place = operations.register(build_registration(event))
    assert (other.status, has_place) == ("waitlisted", False)
    assert operations.confirm_address(person)


@pytest.mark.parametrize("kind", ["confirm", "promoted"])
def test_the_outbox_on_hold_costs_nobody_their_place(event, kind, time_machine):
    person = make_registration(event, "pending", hold_until=timezone.now() + 24 * HOUR)
    outbox.queue(person, kind)
    outbox.hold_outbox()
    wait_hours(time_machine, 30)
    assert delivery.send_due() == (0, 0)
    outbox.resume_outbox()
    assert delivery.send_due() == (1, 0)
    person.refresh_from_db()
    assert person.hold_until - timezone.now() == 24 * HOUR


def test_who_has_been_told_gains_nothing_by_having_it_repeated(event, person, time_machine):
    assert delivery.send_due() == (1, 0)
    for _hour in range(23):
        operations.register(build_registration(event, email="anna@example.lv"))
        wait_hours(time_machine, 1)
    assert person.emails.waiting().exists()
    person.refresh_from_db()
    assert (person.status, person.hold_until - timezone.now()) == ("pending", HOUR)
    wait_hours(time_machine, 1)
    person.refresh_from_db()
    assert person.status == "cancelled"


@pytest.mark.parametrize("values", [{"last_error": "550 no such mailbox"}, {"last_error": ""}])
def test_a_mailbox_that_takes_nothing_holds_no_place_beyond_its_time(person, time_machine, values):
    person.emails.update(next_attempt_at=None, **values)
    wait_hours(time_machine, 24)
    person.refresh_from_db()
    assert person.status == "cancelled"


def test_a_message_that_waits_for_its_next_attempt_holds_no_place_beyond_its_time(person, time_machine):
    person.emails.update(attempts=5, next_attempt_at=timezone.now() + 30 * HOUR)
    wait_hours(time_machine, 24)
    person.refresh_from_db()
    assert person.status == "cancelled"


def test_holds_are_renewed_once_in_ten_minutes_and_not_at_every_look(person, time_machine):
    renewed = set()
    for _look in range(60):
        time_machine.shift(timedelta(minutes=1))
        look_after_holds()
        person.refresh_from_db()
        renewed.add(person.hold_until)
    assert len(renewed) == 6
    assert max(renewed) - timezone.now() > 24 * HOUR - timedelta(minutes=10)


def test_after_a_restore_everybody_has_as_much_time_left_as_the_backup_says(event, person):
    before = person.hold_until
    other = make_registration(event, "confirmed")
    operations.prolong_holds(48 * HOUR)
    person.refresh_from_db()
    other.refresh_from_db()
    assert (person.hold_until - before, other.hold_until) == (48 * HOUR, None)
