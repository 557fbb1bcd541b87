"""An event can take one registration per e-mail address."""

import pytest
from django.core import mail

from registrations import operations
from registrations.models import OutgoingEmail, Registration
from registrations.operations.exceptions import BulkRegistrationError
from tests.factories import build_registration, make_event, make_registration
from tests.registrations.mail.mailbox import get_bodies, send_and_get_last
from tests.registrations.stored_state import list_email_kinds, list_statuses

pytestmark = pytest.mark.django_db

ADDRESS = "library@example.lv"


def person(event, first_name, email=ADDRESS, **values) -> Registration:
    return build_registration(event, first_name=first_name, last_name="Ozola", email=email, **values)


def registered(event, first_name, status="confirmed", email=ADDRESS, **values) -> Registration:
    return make_registration(event, status, first_name=first_name, last_name="Ozola", email=email, **values)


@pytest.mark.parametrize("email", [ADDRESS, "Library@Example.LV"])
def test_another_person_with_a_known_address_is_not_registered_and_its_owner_is_told(email):
    event = make_event(one_per_address=True, capacity=5)
    anna = operations.register(person(event, "Anna")).registration
    second = operations.register(person(event, "Ilze", email))
    new = operations.register(person(event, "Ilze", "ilze@example.lv"))
    assert second == (anna, True)
    assert new.registration != anna
    assert [one.first_name for one in event.registrations.order_by("pk")] == ["Anna", "Ilze"]
    assert list_email_kinds(anna) == ["registered", "already_registered"]
    anna.refresh_from_db()
    assert (anna.first_name, anna.email) == ("Anna", ADDRESS)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            [
                "Someone (probably you or a colleague) has just registered with this e-mail address.",
                "This is about the registration of Anna Ozola.",
                "- First name: Ilze",
                "Another person can register with another e-mail address.",
            ],
        ),
        ("lv", ["katrai adresei var būt viena", "- Vārds: Ilze", "Cits cilvēks var reģistrēties ar citu e-pasta"]),
    ],
)
def test_the_owner_reads_who_was_entered_and_that_each_address_has_one(language, told):
    event = make_event(one_per_address=True)
    registered(event, "Anna", language=language)
    operations.register(person(event, "Ilze"))
    plain, html = get_bodies(send_and_get_last())
    assert len(mail.outbox) == 1
    assert [text for text in told if text not in plain] == []
    assert "Ilze" in html
    assert OutgoingEmail.objects.get().entered is None


def test_who_has_to_confirm_the_place_reads_it_with_the_link_for_that():
    event = make_event(one_per_address=True, confirm_email=True)
    anna = operations.register(person(event, "Anna")).registration
    operations.register(person(event, "Ilze"))
    assert list_email_kinds(anna) == ["confirm", "confirm"]
    plain, _html = get_bodies(send_and_get_last())
    assert "- First name: Ilze" in plain
    assert "Another person can register with another e-mail address." in plain


def test_a_cancelled_or_erased_registration_and_one_for_another_event_leave_the_address_to_others():
    event, other = make_event(one_per_address=True), make_event(one_per_address=True)
    registered(event, "Anna", "cancelled")
    registered(other, "Anna")
    ilze = operations.register(person(event, "Ilze")).registration
    assert ilze.first_name == "Ilze"
    operations.cancel(ilze)
    assert operations.register(person(event, "Zane")).registration.first_name == "Zane"
    for one in (ilze, event.registrations.get(first_name="Anna")):
        with pytest.raises(operations.AddressTaken):
            operations.rejoin(one)
        with pytest.raises(operations.AddressTaken):
            operations.confirm(one)
    assert list_statuses(event) == ["cancelled", "cancelled", "confirmed"]


def test_organisers_are_told_whose_registration_has_the_address():
    event = make_event(one_per_address=True)
    anna = registered(event, "Anna")
    with pytest.raises(operations.AddressTaken) as refusal:
        operations.register(person(event, "Ilze", source="by_hand"), beyond_capacity=True)
    assert str(refusal.value).endswith(f"and there is one with this address: {anna.reference}.")
    with pytest.raises(operations.AlreadyRegistered) as refusal:
        operations.register(person(event, "Anna", source="by_hand"))
    assert str(refusal.value).startswith("This person is already registered")
    assert event.registrations.get() == anna


def test_a_list_with_two_people_of_one_address_is_refused_and_with_one_person_twice_is_not():
    event = make_event(one_per_address=True)
    registered(event, "Anna")
    names = ["Anna", "Ilze", "Zane", "Zane"]
    addresses = [ADDRESS, ADDRESS, "zane@example.lv", "zane@example.lv"]
    people = [(person(event, *each, source="import"), ()) for each in zip(names, addresses, strict=True)]
    with pytest.raises(BulkRegistrationError) as refusal:
        operations.register_all(event, people, notify=False)
    assert [(place, type(why)) for place, why in refusal.value.refusals.items()] == [(1, operations.AddressTaken)]
    assert event.registrations.count() == 1
    del people[1]
    people = [(person(event, one.first_name, one.email, source="import"), ()) for one, _topics in people]
    assert operations.register_all(event, people, notify=False).duplicates == 2


def test_nobody_moves_to_the_address_of_somebody_else():
    event = make_event(one_per_address=True)
    registered(event, "Anna")
    ilze = registered(event, "Ilze", email="ilze@example.lv", new_email=ADDRESS)
    with pytest.raises(operations.AddressTaken):
        operations.confirm_new_address(ilze, ADDRESS)
    with pytest.raises(operations.AddressTaken):
        operations.correct_details(ilze, values={"email": "Library@example.lv"}, by=None)
    assert event.registrations.with_email(ADDRESS).count() == 1


def test_merging_takes_the_address_of_one_of_the_two_and_not_that_of_a_third():
    event = make_event()
    anna, ilze = registered(event, "Anna"), registered(event, "Ilze")
    zane, again = registered(event, "Zane", email="zane@example.lv"), registered(event, "Zane", email="z@example.lv")
    type(event).objects.update(one_per_address=True)
    operations.merge(zane, again, taking=["email"], by=None)
    assert zane.email == "z@example.lv"
    with pytest.raises(operations.AddressTaken):
        operations.merge(zane, ilze, taking=["email"], by=None)
    operations.merge(anna, ilze, taking=["first_name", "email"], by=None)
    assert sorted(event.registrations.live().values_list("first_name", "email")) == [
        ("Ilze", ADDRESS),
        ("Zane", "z@example.lv"),
    ]


def test_people_who_shared_an_address_before_stay_and_can_be_corrected():
    event = make_event()
    anna, ilze = registered(event, "Anna"), registered(event, "Ilze")
    type(event).objects.update(one_per_address=True)
    for one in (anna, ilze):
        one.refresh_from_db()
        assert operations.correct_details(one, values={"last_name": "Kalniņa"}, by=None)
        assert operations.correct_details(one, values={"email": "LIBRARY@example.lv"}, by=None)
        values = {"job_title": "Director", "last_name": "Liepa"}
        assert operations.change_details(one, values=values, topics=[], email=one.email)
    again = operations.register(build_registration(event, first_name="Ilze", last_name="Liepa", email=ADDRESS))
    assert again.registration == ilze
    assert operations.register(person(event, "Zane")).registration == anna
    assert list_statuses(event) == ["confirmed", "confirmed"]
    operations.cancel(ilze)
    with pytest.raises(operations.AddressTaken):
        operations.rejoin(ilze)


def test_where_it_is_not_asked_for_people_share_an_address():
    event = make_event()
    for name in ("Anna", "Ilze"):
        operations.register(person(event, name))
    assert list_statuses(event) == ["confirmed", "confirmed"]


def test_it_is_asked_of_the_event_as_it_is_under_the_lock():
    event = make_event()
    operations.register(person(event, "Anna"))
    stale = type(event).objects.get(pk=event.pk)
    type(event).objects.update(one_per_address=True)
    operations.register(person(stale, "Ilze"))
    with pytest.raises(operations.AddressTaken):
        operations.register(person(stale, "Zane", source="by_hand"))
    assert event.registrations.get().first_name == "Anna"
