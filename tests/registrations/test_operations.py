from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from registrations import emails, operations
from registrations.availability import State
from registrations.models import OutgoingEmail, Registration
from registrations.operations import sign_up
from tests.factories import make_event, make_registration, make_topic, person

pytestmark = pytest.mark.django_db
BY_HAND = Registration.Source.BY_HAND


def statuses(event) -> list[str]:
    return list(event.registrations.order_by("pk").values_list("status", flat=True))


def kinds(registration) -> list[str]:
    return list(registration.emails.order_by("pk").values_list("kind", flat=True))


def test_a_newcomer_gets_a_place_a_reference_and_an_e_kinds():
    event = make_event(capacity=1)
    topic = make_topic(event)
    registration, has_place = operations.register(person(event), topics=[topic])
    registration.refresh_from_db()
    assert has_place
    assert registration.status == "confirmed"
    assert registration.confirmed_at
    assert len(registration.reference) == 8
    assert list(registration.topics.all()) == [topic]
    assert kinds(registration) == ["registered"]


def test_when_full_a_newcomer_waits_at_the_end_of_the_line():
    event = make_event(capacity=1)
    operations.register(person(event))
    second, has_place = operations.register(person(event))
    third, _has_place = operations.register(person(event))
    assert not has_place
    assert [second.place_in_line, third.place_in_line] == [1, 2]
    assert kinds(second) == ["waitlisted"]


def test_without_a_limit_everybody_gets_a_place():
    event = make_event(capacity=None)
    assert all(operations.register(person(event)).has_place for _number in range(3))


def test_when_full_and_without_a_waiting_list_nothing_is_stored():
    event = make_event(capacity=0, waiting_list_enabled=False)
    with pytest.raises(operations.RegistrationClosed) as refusal:
        operations.register(person(event))
    assert refusal.value.availability.state == State.FULL
    assert statuses(event) == []
    assert not OutgoingEmail.objects.exists()


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"registration_opens_at": timezone.now() + timedelta(hours=1)}, State.NOT_YET_OPEN),
        ({"registration_closes_at": timezone.now() - timedelta(hours=1)}, State.CLOSED),
        ({"starts_at": timezone.now() - timedelta(hours=1)}, State.CLOSED),
        ({"starts_at": timezone.now() - timedelta(days=2)}, State.OVER),
    ],
)
def test_outside_its_times_an_event_takes_nobody_online(values, state):
    event = make_event(**values)
    with pytest.raises(operations.RegistrationClosed) as refusal:
        operations.register(person(event))
    assert refusal.value.availability.state == state
    assert statuses(event) == []


def test_an_unpublished_event_takes_nobody_online():
    event = make_event(is_published=False)
    with pytest.raises(operations.RegistrationClosed):
        operations.register(person(event))
    assert statuses(event) == []


@pytest.mark.parametrize("again", ["anna@example.lv", "ANNA@Example.LV"])
def test_a_known_address_keeps_its_first_registration_and_its_owner_is_told(again):
    event = make_event(capacity=5)
    first, _has_place = operations.register(person(event, email="anna@example.lv", first_name="Anna"))
    second, has_place = operations.register(person(event, email=again, first_name="Mallory"))
    assert second == first
    assert has_place
    assert event.registrations.get().first_name == "Anna"
    assert kinds(first) == ["registered", "already_registered"]


def test_a_known_address_gets_the_answer_that_a_new_one_would_get():
    event = make_event(capacity=1)
    operations.register(person(event, email="anna@example.lv"))
    known = operations.register(person(event, email="anna@example.lv"))
    new = operations.register(person(event))
    assert (known.has_place, new.has_place) == (False, False)


def test_signing_up_over_and_over_sends_the_owner_one_reminder_in_ten_minutes(time_machine):
    event = make_event()
    time_machine.move_to(timezone.now(), tick=False)
    first, _has_place = operations.register(person(event, email="anna@example.lv"))
    for _number in range(5):
        operations.register(person(event, email="anna@example.lv"))
    assert kinds(first) == ["registered", "already_registered"]
    time_machine.shift(timedelta(minutes=10, seconds=1))
    operations.register(person(event, email="anna@example.lv"))
    assert kinds(first) == ["registered", "already_registered", "already_registered"]


def test_the_same_address_can_register_for_two_events():
    one, other = make_event(), make_event()
    operations.register(person(one, email="anna@example.lv"))
    operations.register(person(other, email="anna@example.lv"))
    assert (one.registrations.count(), other.registrations.count()) == (1, 1)


def test_after_cancelling_one_can_register_again():
    event = make_event()
    first, _has_place = operations.register(person(event, email="anna@example.lv"))
    operations.cancel(first)
    second, _has_place = operations.register(person(event, email="anna@example.lv"))
    assert second != first
    assert statuses(event) == ["cancelled", "confirmed"]


def test_the_database_itself_refuses_a_second_live_registration():
    event = make_event()
    make_registration(event, email="anna@example.lv")
    with pytest.raises(IntegrityError, match="registration_one_live_per_event_and_email"), transaction.atomic():
        make_registration(event, email="ANNA@example.lv", status="waitlisted")
    make_registration(event, email="anna@example.lv", status="cancelled")


def test_a_newcomer_never_overtakes_the_waiting_list():
    event = make_event(capacity=1)
    operations.register(person(event))
    waiting, _has_place = operations.register(person(event))
    event.capacity = 2  # as by a query past the admin: nobody has promoted yet
    event.save()
    newcomer, has_place = operations.register(person(event))
    assert not has_place
    waiting.refresh_from_db()
    assert (waiting.status, newcomer.status) == ("confirmed", "waitlisted")
    assert kinds(waiting) == ["waitlisted", "promoted"]


def test_by_hand_the_times_do_not_matter():
    event = make_event(registration_closes_at=timezone.now() - timedelta(days=1), is_published=False)
    assert operations.register(person(event, source=BY_HAND)).has_place


def test_by_hand_a_known_address_is_refused_and_nobody_is_e_mailed():
    event = make_event()
    first, _has_place = operations.register(person(event, email="anna@example.lv"))
    with pytest.raises(operations.AlreadyRegistered) as refusal:
        operations.register(person(event, email="Anna@example.lv", source=BY_HAND))
    assert refusal.value.registration == first
    assert kinds(first) == ["registered"]


def test_by_hand_the_capacity_is_exceeded_only_when_that_is_said():
    event = make_event(capacity=1)
    operations.register(person(event))
    assert not operations.register(person(event, source=BY_HAND)).has_place
    assert operations.register(person(event, source=BY_HAND), beyond_capacity=True).has_place
    assert statuses(event) == ["confirmed", "waitlisted", "confirmed"]


def test_by_hand_a_full_event_without_a_waiting_list_refuses():
    event = make_event(capacity=0, waiting_list_enabled=False)
    with pytest.raises(operations.EventFull):
        operations.register(person(event, source=BY_HAND))


def test_a_freed_place_goes_to_the_first_in_line():
    event = make_event(capacity=1)
    holder, _has_place = operations.register(person(event))
    first, _has_place = operations.register(person(event))
    second, _has_place = operations.register(person(event))
    assert operations.cancel(holder)
    assert statuses(event) == ["cancelled", "confirmed", "waitlisted"]
    assert kinds(holder) == ["registered", "cancelled"]
    assert kinds(first) == ["waitlisted", "promoted"]
    assert kinds(second) == ["waitlisted"]


def test_cancelling_twice_frees_one_place_and_sends_one_e_kinds():
    event = make_event(capacity=1)
    holder, _has_place = operations.register(person(event))
    for _number in range(2):
        operations.register(person(event))
    assert operations.cancel(holder)
    assert not operations.cancel(holder)
    assert statuses(event) == ["cancelled", "confirmed", "waitlisted"]
    assert kinds(holder) == ["registered", "cancelled"]


def test_a_place_freed_beyond_the_capacity_promotes_nobody():
    event = make_event(capacity=1)
    operations.register(person(event))
    extra, _has_place = operations.register(person(event, source=BY_HAND), beyond_capacity=True)
    operations.register(person(event))
    operations.cancel(extra)
    assert statuses(event) == ["confirmed", "cancelled", "waitlisted"]


def test_nobody_is_promoted_once_the_event_has_started():
    event = make_event(capacity=1, starts_at=timezone.now() - timedelta(hours=1))
    holder = make_registration(event)
    make_registration(event, "waitlisted")
    operations.cancel(holder)
    assert statuses(event) == ["cancelled", "waitlisted"]


def test_promotion_goes_on_after_registration_has_closed():
    event = make_event(capacity=1, registration_closes_at=timezone.now() - timedelta(hours=1))
    holder = make_registration(event)
    make_registration(event, "waitlisted")
    operations.cancel(holder)
    assert statuses(event) == ["cancelled", "confirmed"]


def test_no_limit_promotes_everybody_in_order():
    event = make_event(capacity=0)
    for _number in range(3):
        operations.register(person(event))
    event.capacity = None
    event.save()
    assert [registration.pk for registration in operations.promote(event)] == sorted(
        event.registrations.values_list("pk", flat=True)
    )
    assert statuses(event) == ["confirmed"] * 3


def test_confirming_a_cancelled_person_gives_a_place_only_when_one_is_free():
    event = make_event(capacity=1)
    cancelled = make_registration(event, "cancelled")
    assert operations.confirm(cancelled)
    assert not operations.confirm(cancelled)
    assert kinds(cancelled) == ["registered"]
    other = make_registration(event, "cancelled")
    with pytest.raises(operations.EventFull):
        operations.confirm(other)
    assert statuses(event) == ["confirmed", "cancelled"]


def test_confirming_never_overtakes_those_who_wait():
    event = make_event(capacity=1)
    make_registration(event)
    make_registration(event, "waitlisted")
    second = make_registration(event, "waitlisted")
    with pytest.raises(operations.EventFull):
        operations.confirm(second)
    assert statuses(event) == ["confirmed", "waitlisted", "waitlisted"]


def test_confirming_a_cancelled_person_who_has_registered_again_is_refused():
    event = make_event()
    old = make_registration(event, "cancelled", email="anna@example.lv")
    new = make_registration(event, email="anna@example.lv")
    for operation in (operations.confirm, operations.move_to_waiting_list):
        with pytest.raises(operations.AlreadyRegistered) as refusal:
            operation(old)
        assert refusal.value.registration == new


def test_moving_to_the_waiting_list_gives_the_place_to_the_first_in_line():
    event = make_event(capacity=1)
    holder = make_registration(event)
    make_registration(event, "waitlisted")
    assert operations.move_to_waiting_list(holder)
    assert statuses(event) == ["waitlisted", "confirmed"]
    assert not operations.move_to_waiting_list(holder)
    assert kinds(holder) == ["waitlisted"]


def test_moving_to_the_waiting_list_goes_to_its_end():
    event = make_event(capacity=1)
    holder = make_registration(event)
    first, second = make_registration(event, "waitlisted"), make_registration(event, "waitlisted")
    operations.move_to_waiting_list(holder)
    assert list(event.registrations.on_waiting_list()) == [second, holder]
    first.refresh_from_db()
    assert first.holds_a_place


def test_moving_to_the_waiting_list_is_refused_when_the_place_would_come_straight_back():
    event = make_event(capacity=1)
    holder = make_registration(event)
    with pytest.raises(operations.Refused, match="nobody else is waiting"):
        operations.move_to_waiting_list(holder)
    assert statuses(event) == ["confirmed"]
    assert kinds(holder) == []


def test_a_changed_address_takes_unsent_mail_with_it():
    event = make_event()
    registration, _has_place = operations.register(person(event, email="old@example.lv"))
    sent = OutgoingEmail.objects.get()
    sent.mark_sent(timezone.now())
    sent.save()
    operations.cancel(registration)
    stale = Registration.objects.get(pk=registration.pk)
    operations.change_address(registration, "new@example.lv")
    operations.send_link_again(stale)
    emails.send_due()
    assert list(registration.emails.order_by("pk").values_list("kind", "to")) == [
        ("registered", "old@example.lv"),
        ("cancelled", "new@example.lv"),
        ("cancelled", "new@example.lv"),
        ("cancelled", "new@example.lv"),
    ]
    assert {message.to[0] for message in mail.outbox} == {"new@example.lv"}


def test_a_message_that_failed_goes_to_the_new_address_with_the_new_link():
    event = make_event()
    registration, _has_place = operations.register(person(event, email="old@example.lv"))
    old_token = registration.manage_token
    email = OutgoingEmail.objects.get()
    emails.message(email)
    email.mark_failed(timezone.now() - timedelta(hours=1), "refused")
    email.save()
    operations.change_address(registration, "new@example.lv")
    emails.send_due()
    assert {message.to[0] for message in mail.outbox} == {"new@example.lv"}
    assert all(old_token not in message.body for message in mail.outbox)


def test_an_address_that_another_live_registration_has_cannot_be_taken():
    event = make_event()
    other = make_registration(event, email="anna@example.lv")
    registration = make_registration(event, email="old@example.lv")
    with pytest.raises(operations.AlreadyRegistered) as refusal:
        operations.change_address(registration, "ANNA@example.lv")
    assert refusal.value.registration == other
    operations.change_address(registration, "OLD@example.lv")
    assert Registration.objects.get(pk=registration.pk).email == "OLD@example.lv"


def test_a_reference_that_is_taken_is_not_given_again(monkeypatch):
    event = make_event()
    taken = make_registration(event)
    drawn = iter([taken.reference, taken.reference, "FREE2345"])
    monkeypatch.setattr(sign_up, "new_reference", lambda: next(drawn))
    assert operations.register(person(event)).registration.reference == "FREE2345"
