from datetime import timedelta

import pytest
from django.utils import timezone

from registrations import operations
from registrations.models import Registration
from tests.factories import build_registration, make_event, make_registration
from tests.registrations.stored_state import list_email_kinds, list_statuses

pytestmark = pytest.mark.django_db
BY_HAND = Registration.Source.BY_HAND


def test_a_released_place_goes_to_the_first_on_the_waiting_list():
    event = make_event(capacity=1)
    holder, _has_place = operations.register(build_registration(event))
    first, _has_place = operations.register(build_registration(event))
    second, _has_place = operations.register(build_registration(event))
    assert operations.cancel(holder)
    assert list_statuses(event) == ["cancelled", "confirmed", "waitlisted"]
    assert list_email_kinds(holder) == ["registered", "cancelled"]
    assert list_email_kinds(first) == ["waitlisted", "promoted"]
    assert list_email_kinds(second) == ["waitlisted"]


def test_cancelling_twice_releases_one_place_and_sends_one_e_mail():
    event = make_event(capacity=1)
    holder, _has_place = operations.register(build_registration(event))
    for _number in range(2):
        operations.register(build_registration(event))
    assert operations.cancel(holder)
    assert not operations.cancel(holder)
    assert list_statuses(event) == ["cancelled", "confirmed", "waitlisted"]
    assert list_email_kinds(holder) == ["registered", "cancelled"]


def test_a_place_released_beyond_the_capacity_promotes_nobody():
    event = make_event(capacity=1)
    operations.register(build_registration(event))
    extra, _has_place = operations.register(build_registration(event, source=BY_HAND), beyond_capacity=True)
    operations.register(build_registration(event))
    operations.cancel(extra)
    assert list_statuses(event) == ["confirmed", "cancelled", "waitlisted"]


def test_nobody_is_promoted_once_the_event_has_started():
    event = make_event(capacity=1, starts_at=timezone.now() - timedelta(hours=1))
    holder = make_registration(event)
    make_registration(event, "waitlisted")
    operations.cancel(holder)
    assert list_statuses(event) == ["cancelled", "waitlisted"]


def test_promotion_goes_on_after_registration_has_closed():
    event = make_event(capacity=1, registration_closes_at=timezone.now() - timedelta(hours=1))
    holder = make_registration(event)
    make_registration(event, "waitlisted")
    operations.cancel(holder)
    assert list_statuses(event) == ["cancelled", "confirmed"]


def test_no_limit_promotes_everybody_in_order():
    event = make_event(capacity=0)
    for _number in range(3):
        operations.register(build_registration(event))
    event.capacity = None
    event.save()
    assert [registration.pk for registration in operations.promote_waiting_list(event)] == sorted(
        event.registrations.values_list("pk", flat=True)
    )
    assert list_statuses(event) == ["confirmed"] * 3


def test_confirming_a_cancelled_person_gives_a_place_only_when_one_is_free():
    event = make_event(capacity=1)
    cancelled = make_registration(event, "cancelled")
    assert operations.confirm(cancelled)
    assert not operations.confirm(cancelled)
    assert list_email_kinds(cancelled) == ["registered"]
    other = make_registration(event, "cancelled")
    with pytest.raises(operations.EventFull):
        operations.confirm(other)
    assert list_statuses(event) == ["confirmed", "cancelled"]


def test_confirming_never_overtakes_the_waiting_list():
    event = make_event(capacity=1)
    make_registration(event)
    make_registration(event, "waitlisted")
    second = make_registration(event, "waitlisted")
    with pytest.raises(operations.EventFull):
        operations.confirm(second)
    assert list_statuses(event) == ["confirmed", "waitlisted", "waitlisted"]


def test_confirming_a_cancelled_person_who_has_registered_again_is_refused():
    event = make_event()
    old = make_registration(event, "cancelled", email="anna@example.lv")
    new = make_registration(event, email="anna@example.lv")
    for operation in (operations.confirm, operations.move_to_waiting_list):
        with pytest.raises(operations.AlreadyRegistered) as refusal:
            operation(old)
        assert refusal.value.registration == new


def test_moving_to_the_waiting_list_gives_the_place_to_the_first_on_it():
    event = make_event(capacity=1)
    holder = make_registration(event)
    make_registration(event, "waitlisted")
    assert operations.move_to_waiting_list(holder)
    assert list_statuses(event) == ["waitlisted", "confirmed"]
    assert not operations.move_to_waiting_list(holder)
    assert list_email_kinds(holder) == ["waitlisted"]


def test_moving_to_the_waiting_list_goes_to_its_end():
    event = make_event(capacity=1)
    holder = make_registration(event)
    first, second = make_registration(event, "waitlisted"), make_registration(event, "waitlisted")
    operations.move_to_waiting_list(holder)
    assert list(event.registrations.on_waiting_list()) == [second, holder]
    first.refresh_from_db()
    assert first.is_confirmed


def test_moving_to_the_waiting_list_is_refused_when_the_place_would_come_straight_back():
    event = make_event(capacity=1)
    holder = make_registration(event)
    with pytest.raises(operations.OperationError, match="nobody else is waiting"):
        operations.move_to_waiting_list(holder)
    assert list_statuses(event) == ["confirmed"]
    assert list_email_kinds(holder) == []


def test_the_link_confirms_a_held_place_once():
    event = make_event(confirm_email=True)
    registration, _has_place = operations.register(build_registration(event))
    assert operations.confirm_address(registration)
    assert not operations.confirm_address(registration)
    registration.refresh_from_db()
    assert (registration.status, registration.hold_until) == ("confirmed", None)
    assert registration.email_confirmed_at
    assert list_email_kinds(registration) == ["confirm", "registered"]


def test_confirming_too_late_gives_no_place_that_went_to_somebody_else():
    event = make_event(capacity=1, confirm_email=True)
    late, _has_place = operations.register(build_registration(event))
    waiting = make_registration(event, "waitlisted")
    Registration.objects.filter(pk=late.pk).update(hold_until=timezone.now() - timedelta(seconds=1))
    assert not operations.confirm_address(late)
    assert late.has_expired_hold
    waiting.refresh_from_db()
    assert waiting.status == "pending"
    event.waiting_list_enabled = False
    event.save()
    with pytest.raises(operations.EventFull):
        operations.rejoin(late)


def test_somebody_who_confirmed_too_late_rejoins_with_the_same_link_when_a_place_is_available():
    event = make_event(capacity=1, confirm_email=True)
    late, _has_place = operations.register(build_registration(event))
    Registration.objects.filter(pk=late.pk).update(hold_until=timezone.now() - timedelta(seconds=1))
    operations.release_expired_holds()
    late.refresh_from_db()
    assert late.is_cancelled
    assert operations.rejoin(late)
    assert late.status == "confirmed"  # the link came by e-mail, so there is nothing left to confirm
    assert list_email_kinds(late) == ["confirm", "registered"]


def test_holds_of_several_events_expire_and_their_waiting_lists_are_promoted():
    events = [make_event(capacity=1, confirm_email=True) for _number in range(2)]
    for event in events:
        make_registration(event, "pending", hold_until=timezone.now() - timedelta(minutes=1))
        make_registration(event, "waitlisted", email_confirmed_at=timezone.now())
    operations.release_expired_holds()
    assert [list_statuses(event) for event in events] == [["cancelled", "confirmed"]] * 2


def test_a_hold_that_has_not_expired_is_left_alone():
    event = make_event(capacity=1, confirm_email=True)
    make_registration(event, "pending", hold_until=timezone.now() + timedelta(minutes=1))
    make_registration(event, "waitlisted")
    operations.release_expired_holds()
    assert list_statuses(event) == ["pending", "waitlisted"]


def test_somebody_who_rejoins_gets_an_available_place():
    event = make_event(capacity=2)
    registration, _has_place = operations.register(build_registration(event))
    operations.cancel(registration)
    assert operations.rejoin(registration)
    assert not operations.rejoin(registration)
    assert list_statuses(event) == ["confirmed"]
    assert list_email_kinds(registration) == ["registered", "cancelled", "registered"]


def test_somebody_who_rejoins_a_full_event_is_at_the_end_of_the_waiting_list():
    event = make_event(capacity=1)
    registration, _has_place = operations.register(build_registration(event))
    _first, second = (operations.register(build_registration(event)).registration for _number in range(2))
    operations.cancel(registration)
    operations.rejoin(registration)
    assert [one.waiting_list_position for one in (second, registration)] == [1, 2]
    assert list_statuses(event) == ["waitlisted", "confirmed", "waitlisted"]


def test_nobody_rejoins_a_full_event_without_a_waiting_list():
    event = make_event(capacity=1, waiting_list_enabled=False)
    cancelled = make_registration(event, "cancelled")
    make_registration(event)
    with pytest.raises(operations.EventFull):
        operations.rejoin(cancelled)
    assert list_statuses(event) == ["cancelled", "confirmed"]


def test_nobody_rejoins_after_the_event_has_started():
    cancelled = make_registration(make_event(starts_at=timezone.now() - timedelta(hours=1)), "cancelled")
    with pytest.raises(operations.exceptions.RegistrationClosed):
        operations.rejoin(cancelled)


def test_somebody_who_has_registered_again_does_not_rejoin_as_well():
    event = make_event()
    cancelled = make_registration(event, "cancelled", email="anna@example.lv")
    operations.register(build_registration(event, email="Anna@example.lv"))
    with pytest.raises(operations.AlreadyRegistered):
        operations.rejoin(cancelled)


def test_a_colleague_with_the_same_address_keeps_nobody_from_rejoining():
    event = make_event()
    cancelled = make_registration(event, "cancelled", email="library@example.lv", first_name="Anna")
    operations.register(build_registration(event, email="library@example.lv", first_name="Ilze"))
    assert operations.rejoin(cancelled)
    assert list_statuses(event) == ["confirmed", "confirmed"]


def test_a_place_is_held_for_a_promoted_person_with_an_unconfirmed_address():
    event = make_event(capacity=1, confirm_email=True)
    holder = make_registration(event)
    unproven = make_registration(event, "waitlisted")
    proven = make_registration(event, "waitlisted", email_confirmed_at=timezone.now())
    operations.cancel(holder)
    unproven.refresh_from_db()
    assert unproven.status == "pending"
    operations.cancel(unproven)
    proven.refresh_from_db()
    assert proven.status == "confirmed"
    assert (list_email_kinds(unproven), list_email_kinds(proven)) == (["promoted", "cancelled"], ["promoted"])


def test_a_chosen_person_gets_an_available_place_before_those_ahead_of_them():
    event = make_event(capacity=1, promotes_automatically=False)
    first, second = make_registration(event, "waitlisted"), make_registration(event, "waitlisted")
    assert operations.promote_out_of_turn(second)
    assert not operations.promote_out_of_turn(second)
    assert list_statuses(event) == ["waitlisted", "confirmed"]
    with pytest.raises(operations.EventFull):
        operations.promote_out_of_turn(first)
    assert list_email_kinds(second) == ["promoted"]


def test_only_people_promoted_beyond_capacity_exceed_it():
    event = make_event(capacity=1)
    make_registration(event)
    make_registration(event, "waitlisted")
    second = make_registration(event, "waitlisted")
    assert operations.promote_beyond_capacity(second)
    assert list_statuses(event) == ["confirmed", "waitlisted", "confirmed"]


def test_only_people_on_the_waiting_list_can_be_promoted_out_of_turn():
    cancelled = make_registration(make_event(), "cancelled")
    with pytest.raises(operations.OperationError, match="Only people on the waiting list"):
        operations.promote_out_of_turn(cancelled)


def test_an_organiser_confirms_a_held_place_even_of_a_full_event():
    event = make_event(capacity=1, confirm_email=True)
    registration, _has_place = operations.register(build_registration(event))
    assert operations.confirm(registration)
    assert list_statuses(event) == ["confirmed"]


def test_cancelling_a_held_place_is_not_an_expired_hold():
    event = make_event(confirm_email=True)
    registration, _has_place = operations.register(build_registration(event))
    operations.cancel(registration)
    registration.refresh_from_db()
    assert not registration.has_expired_hold


def test_a_smaller_capacity_cancels_nobody_and_promotes_nobody():
    event = make_event(capacity=3)
    holders = [make_registration(event) for _number in range(3)]
    make_registration(event, "waitlisted")
    event.capacity = 1
    event.save()
    assert operations.promote_waiting_list(event) == []
    operations.cancel(holders[0])
    operations.cancel(holders[1])
    assert list_statuses(event) == ["cancelled", "cancelled", "confirmed", "waitlisted"]
    operations.cancel(holders[2])
    assert list_statuses(event) == ["cancelled", "cancelled", "cancelled", "confirmed"]


@pytest.mark.parametrize("verb", ["cancel", "rejoin", "confirm", "move_to_waiting_list", "resend_link"])
def test_an_erased_person_cannot_be_changed(verb):
    erased = make_registration(make_event(), "cancelled", email="", erased_at=timezone.now())
    with pytest.raises(operations.OperationError, match="erased"):
        getattr(operations, verb)(erased)
    assert list_email_kinds(erased) == []


def test_where_organisers_choose_confirming_gives_an_available_place_to_anyone():
    event = make_event(capacity=1, promotes_automatically=False)
    first, second = make_registration(event, "waitlisted"), make_registration(event, "waitlisted")
    assert operations.confirm(second)
    assert list_email_kinds(second) == ["promoted"]
    with pytest.raises(operations.EventFull):
        operations.confirm(first)


def test_choosing_somebody_who_has_just_been_promoted_is_not_refused():
    event = make_event(capacity=1, confirm_email=True)
    registration = make_registration(event, "waitlisted")
    assert operations.promote_out_of_turn(registration)
    registration.refresh_from_db()
    assert registration.status == "pending"
