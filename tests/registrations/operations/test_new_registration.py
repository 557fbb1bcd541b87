from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from registrations import operations
from registrations.availability import State
from registrations.models import OutgoingEmail, Registration
from tests.factories import build_registration, make_event, make_registration, make_topic
from tests.registrations.stored_state import list_email_kinds, list_statuses

pytestmark = pytest.mark.django_db
BY_HAND = Registration.Source.BY_HAND


def test_a_newcomer_gets_a_place_a_reference_and_an_e_mail():
    event = make_event(capacity=1)
    topic = make_topic(event)
    registration, has_place = operations.register(build_registration(event), topics=[topic])
    registration.refresh_from_db()
    assert has_place
    assert registration.status == "confirmed"
    assert registration.confirmed_at
    assert len(registration.reference) == 8
    assert list(registration.topics.all()) == [topic]
    assert list_email_kinds(registration) == ["registered"]


def test_when_full_a_newcomer_is_at_the_end_of_the_waiting_list():
    event = make_event(capacity=1)
    operations.register(build_registration(event))
    second, has_place = operations.register(build_registration(event))
    third, _has_place = operations.register(build_registration(event))
    assert not has_place
    assert [second.waiting_list_position, third.waiting_list_position] == [1, 2]
    assert list_email_kinds(second) == ["waitlisted"]


def test_without_a_limit_everybody_gets_a_place():
    event = make_event(capacity=None)
    assert all(operations.register(build_registration(event)).has_place for _number in range(3))


def test_when_full_and_without_a_waiting_list_nothing_is_saved():
    event = make_event(capacity=0, waiting_list_enabled=False)
    with pytest.raises(operations.exceptions.RegistrationClosed) as refusal:
        operations.register(build_registration(event))
    assert refusal.value.availability.state == State.FULL
    assert list_statuses(event) == []
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
def test_outside_its_times_an_event_accepts_nobody_online(values, state):
    event = make_event(**values)
    with pytest.raises(operations.exceptions.RegistrationClosed) as refusal:
        operations.register(build_registration(event))
    assert refusal.value.availability.state == state
    assert list_statuses(event) == []


def test_an_unpublished_event_accepts_nobody_online():
    event = make_event(is_published=False)
    with pytest.raises(operations.exceptions.RegistrationClosed):
        operations.register(build_registration(event))
    assert list_statuses(event) == []


@pytest.mark.parametrize("again", ["anna@example.lv", "ANNA@Example.LV"])
@pytest.mark.parametrize(
    "names", [("Anna", "Bērziņa"), ("ANNA", "Berzina"), ("Bērziņa,", "Anna"), ("Anna Be\u0304rziņa", "")]
)
def test_a_known_person_keeps_the_first_registration_and_its_owner_is_e_mailed(again, names):
    event = make_event(capacity=5)
    first, _has_place = operations.register(make_person(event, "Anna", "Bērziņa", job_title="Director"))
    second, has_place = operations.register(make_person(event, *names, email=again, job_title="Cook"))
    assert second == first
    assert has_place
    assert event.registrations.get().job_title == "Director"
    assert list_email_kinds(first) == ["registered", "already_registered"]


def make_person(event, first_name, last_name, email="anna@example.lv", **values):
    return build_registration(event, first_name=first_name, last_name=last_name, email=email, **values)


def test_another_person_with_a_known_address_is_registered_with_a_place_a_link_and_an_e_mail_of_their_own():
    event = make_event(capacity=2)
    people = [
        operations.register(make_person(event, *names)).registration
        for names in (("Anna", "Pirmā"), ("Ilze", "Otrā"), ("Anna", "Trešā"))
    ]
    assert list_statuses(event) == ["confirmed", "confirmed", "waitlisted"]
    assert [list_email_kinds(one) for one in people] == [["registered"], ["registered"], ["waitlisted"]]
    assert len({one.manage_token for one in people}) == 3
    operations.cancel(people[0])
    assert list_statuses(event) == ["cancelled", "confirmed", "confirmed"]


def test_a_known_address_gets_the_answer_that_a_new_one_would_get():
    event = make_event(capacity=1)
    operations.register(build_registration(event, email="anna@example.lv"))
    known = operations.register(build_registration(event, email="anna@example.lv"))
    new = operations.register(build_registration(event))
    assert (known.has_place, new.has_place) == (False, False)


@pytest.mark.parametrize(("values", "kind"), [({}, "registered"), ({"confirm_email": True}, "confirm")])
def test_the_same_data_again_within_ten_minutes_send_nothing_more(values, kind, time_machine):
    """A second click, or the page sent once more."""
    event = make_event(**values)
    time_machine.move_to(timezone.now(), tick=False)
    first, _has_place = operations.register(build_registration(event, email="anna@example.lv"))
    for _number in range(5):
        operations.register(build_registration(event, email="Anna@example.lv"))
    assert list_email_kinds(first) == [kind]
    time_machine.shift(timedelta(minutes=10, seconds=1))
    for _number in range(2):
        operations.register(build_registration(event, email="anna@example.lv"))
    assert list_email_kinds(first) == [kind, "confirm" if kind == "confirm" else "already_registered"]


def test_other_data_over_and_over_send_the_owner_one_notice_in_ten_minutes(time_machine):
    event = make_event()
    time_machine.move_to(timezone.now(), tick=False)
    first, _has_place = operations.register(build_registration(event, email="anna@example.lv"))
    for number in range(5):
        operations.register(build_registration(event, email="anna@example.lv", job_title=f"Director {number}"))
    assert list_email_kinds(first) == ["registered", "already_registered"]
    time_machine.shift(timedelta(minutes=10, seconds=1))
    operations.register(build_registration(event, email="anna@example.lv"))
    assert list_email_kinds(first) == ["registered", "already_registered", "already_registered"]


def test_the_same_address_can_register_for_two_events():
    one, other = make_event(), make_event()
    operations.register(build_registration(one, email="anna@example.lv"))
    operations.register(build_registration(other, email="anna@example.lv"))
    assert (one.registrations.count(), other.registrations.count()) == (1, 1)


def test_somebody_who_cancelled_can_register_again():
    event = make_event()
    first, _has_place = operations.register(build_registration(event, email="anna@example.lv"))
    operations.cancel(first)
    second, _has_place = operations.register(build_registration(event, email="anna@example.lv"))
    assert second != first
    assert list_statuses(event) == ["cancelled", "confirmed"]


def test_the_database_itself_refuses_a_second_live_registration():
    event = make_event()
    make_registration(event, email="anna@example.lv", first_name="Anna", last_name="Bērziņa")
    with pytest.raises(IntegrityError, match="registration_one_live_per_person"), transaction.atomic():
        make_registration(event, "waitlisted", email="ANNA@example.lv", first_name="Berzina", last_name="ANNA")
    make_registration(event, "cancelled", email="anna@example.lv", first_name="Anna", last_name="Bērziņa")
    make_registration(event, email="anna@example.lv", first_name="Ilze", last_name="Bērziņa")
    for _number in range(2):  # of people without an address nobody knows whether they are the same
        make_registration(event, email="", first_name="Anna", last_name="Bērziņa")


def test_the_longest_names_with_the_longest_address_fit_into_the_index():
    letters = [chr(0xAC00 + 211 * number % 11172) for number in range(194)]  # each becomes two or three
    names = {"first_name": "".join(letters[:97]) + "\ufdfa" * 3, "last_name": "".join(letters[97:]) + "\ufdfa" * 3}
    make_registration(make_event(), email=f"anna@{'ķ' * 249}", **names)


def test_a_newcomer_never_overtakes_the_waiting_list():
    event = make_event(capacity=1)
    operations.register(build_registration(event))
    waiting, _has_place = operations.register(build_registration(event))
    event.capacity = 2  # as by a query past the admin: nobody has promoted yet
    event.save()
    newcomer, has_place = operations.register(build_registration(event))
    assert not has_place
    waiting.refresh_from_db()
    assert (waiting.status, newcomer.status) == ("confirmed", "waitlisted")
    assert list_email_kinds(waiting) == ["waitlisted", "promoted"]


def test_by_hand_the_dates_do_not_matter():
    event = make_event(registration_closes_at=timezone.now() - timedelta(days=1), is_published=False)
    assert operations.register(build_registration(event, source=BY_HAND)).has_place


def test_by_hand_a_known_address_is_refused_and_nobody_is_e_mailed():
    event = make_event()
    first, _has_place = operations.register(build_registration(event, email="anna@example.lv"))
    with pytest.raises(operations.AlreadyRegistered) as refusal:
        operations.register(build_registration(event, email="Anna@example.lv", source=BY_HAND))
    assert refusal.value.registration == first
    assert list_email_kinds(first) == ["registered"]


def test_by_hand_the_capacity_is_exceeded_only_on_request():
    event = make_event(capacity=1)
    operations.register(build_registration(event))
    assert not operations.register(build_registration(event, source=BY_HAND)).has_place
    assert operations.register(build_registration(event, source=BY_HAND), beyond_capacity=True).has_place
    assert list_statuses(event) == ["confirmed", "waitlisted", "confirmed"]


def test_by_hand_a_full_event_without_a_waiting_list_refuses():
    event = make_event(capacity=0, waiting_list_enabled=False)
    with pytest.raises(operations.EventFull):
        operations.register(build_registration(event, source=BY_HAND))


def test_a_reference_that_is_taken_is_not_given_again(monkeypatch):
    event = make_event()
    taken = make_registration(event)
    drawn = iter([taken.reference, taken.reference, "FREE2345"])
    monkeypatch.setattr("registrations.operations.new_registration.generate_reference", lambda: next(drawn))
    assert operations.register(build_registration(event)).registration.reference == "FREE2345"


def test_where_addresses_are_confirmed_a_place_is_held_and_counts():
    event = make_event(capacity=1, confirm_email=True, hold_hours=5)
    before = timezone.now()
    first, has_place = operations.register(build_registration(event))
    second, second_has_place = operations.register(build_registration(event))
    assert (has_place, second_has_place) == (True, False)
    assert list_statuses(event) == ["pending", "waitlisted"]
    assert before + timedelta(hours=5) <= first.hold_until <= timezone.now() + timedelta(hours=5)
    assert first.confirmed_at is None
    assert (list_email_kinds(first), list_email_kinds(second)) == (["confirm"], ["waitlisted"])


def test_people_registered_by_hand_have_nothing_to_confirm():
    event = make_event(confirm_email=True)
    registration, _has_place = operations.register(build_registration(event, source=BY_HAND))
    assert registration.status == "confirmed"
    assert list_email_kinds(registration) == ["registered"]


@pytest.mark.parametrize(
    ("minutes", "values"), [(11, {}), (1, {"job_title": "Director"})], ids=["the same later", "something else at once"]
)
def test_registering_again_while_the_place_is_held_sends_the_link_once_more_and_extends_nothing(
    time_machine, minutes, values
):
    event = make_event(confirm_email=True)
    time_machine.move_to(timezone.now(), tick=False)
    first, _has_place = operations.register(build_registration(event, email="anna@example.lv"))
    until = first.hold_until
    time_machine.shift(timedelta(minutes=minutes))
    for _number in range(3):
        operations.register(build_registration(event, email="Anna@example.lv", **values))
    first.refresh_from_db()
    assert first.hold_until == until
    assert list_email_kinds(first) == ["confirm", "confirm"]


def test_a_newcomer_gets_the_place_of_an_expired_hold_when_nobody_waits():
    event = make_event(capacity=1, confirm_email=True)
    lapsed = make_registration(event, "pending", hold_until=timezone.now() - timedelta(seconds=1))
    _newcomer, has_place = operations.register(build_registration(event))
    assert has_place
    assert list_statuses(event) == ["cancelled", "pending"]
    lapsed.refresh_from_db()
    assert lapsed.has_expired_hold
    assert list_email_kinds(lapsed) == []


def test_the_place_of_an_expired_hold_goes_to_the_waiting_list_and_not_to_the_newcomer():
    event = make_event(capacity=1, confirm_email=True)
    make_registration(event, "pending", hold_until=timezone.now() - timedelta(seconds=1))
    waiting = make_registration(event, "waitlisted")
    _newcomer, has_place = operations.register(build_registration(event))
    assert not has_place
    assert list_statuses(event) == ["cancelled", "pending", "waitlisted"]
    assert list_email_kinds(waiting) == ["promoted"]


def test_where_organisers_choose_nobody_is_promoted_and_no_newcomer_overtakes():
    event = make_event(capacity=2, promotes_automatically=False)
    holder = make_registration(event)
    waiting = make_registration(event, "waitlisted")
    newcomer, has_place = operations.register(build_registration(event))
    assert not has_place
    operations.cancel(holder)
    assert list_statuses(event) == ["cancelled", "waitlisted", "waitlisted"]
    assert list_email_kinds(waiting) == []
    assert newcomer.waiting_list_position == 2


def test_a_closed_waiting_list_accepts_nobody_but_its_people_are_promoted():
    event = make_event(capacity=1, waiting_list_enabled=False)
    holder = make_registration(event)
    make_registration(event, "waitlisted")
    with pytest.raises(operations.exceptions.RegistrationClosed):
        operations.register(build_registration(event))
    operations.cancel(holder)
    assert list_statuses(event) == ["cancelled", "confirmed"]
