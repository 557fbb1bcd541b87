import pytest

from registrations import operations
from registrations.models import OutgoingEmail, Registration
from tests.factories import build_registration, make_event, make_registration, make_topic

pytestmark = pytest.mark.django_db


def people(event, number, **values):
    return [(build_registration(event, source="import", **values), []) for _number in range(number)]


def statuses(event) -> list[str]:
    return list(event.registrations.order_by("pk").values_list("status", flat=True))


def test_they_take_the_free_places_in_their_order_and_then_wait():
    event, later = make_event(capacity=3), make_event()
    make_registration(event)
    imported = operations.register_all(event, people(event, 3), notify=False)
    assert [one.status for one in imported.registrations] == ["confirmed", "confirmed", "waitlisted"]
    assert statuses(event) == ["confirmed", "confirmed", "confirmed", "waitlisted"]
    assert imported.registrations == list(event.registrations.order_by("created_at"))[1:]
    assert not OutgoingEmail.objects.exists()
    assert not later.registrations.exists()


def test_nobody_overtakes_those_who_wait():
    event = make_event(capacity=1, promotes_automatically=False)
    first = make_registration(event, Registration.Status.WAITLISTED)
    imported = operations.register_all(event, people(event, 2), notify=False)
    assert [one.status for one in imported.registrations] == ["waitlisted", "waitlisted"]
    assert list(event.registrations.on_waiting_list()) == [first, *imported.registrations]


def test_when_one_is_refused_nobody_is_saved_and_all_reasons_are_given():
    event = make_event(capacity=1, waiting_list_enabled=False)
    with pytest.raises(operations.exceptions.BulkRegistrationError) as refused:
        operations.register_all(event, people(event, 3), notify=True)
    assert {place: str(reason) for place, reason in refused.value.refusals.items()} == {
        1: "All places are taken.",
        2: "All places are taken.",
    }
    assert not Registration.objects.exists()
    assert not OutgoingEmail.objects.exists()


def test_people_who_are_already_registered_are_left_out_and_not_changed():
    event = make_event()
    known = make_registration(event, email="anna@example.lv", first_name="Anna", last_name="Bērziņa")
    newcomer = people(event, 1)
    same = people(event, 1, email="ANNA@example.lv", first_name="ANNA", last_name="Berzina")
    imported = operations.register_all(event, [*same, *newcomer], notify=True)
    assert (imported.registrations, imported.duplicates) == ([newcomer[0][0]], 1)
    known.refresh_from_db()
    assert known.first_name == "Anna"
    assert not known.emails.exists()


def test_people_who_cancelled_are_registered_again():
    event = make_event()
    make_registration(event, Registration.Status.CANCELLED, email="anna@example.lv")
    operations.register_all(event, people(event, 1, email="anna@example.lv"), notify=False)
    assert statuses(event) == ["cancelled", "confirmed"]


def test_the_e_mails_are_sent_after_all_others():
    event = make_event(capacity=1)
    topic = make_topic(event)
    [[first, _topics], [second, _none]] = list_of_two = people(event, 2)
    list_of_two[0] = (first, [topic])
    operations.register_all(event, list_of_two, notify=True)
    assert list(first.topics.all()) == [topic]
    assert [first.emails.get().kind, second.emails.get().kind] == ["registered", "waitlisted"]
    assert all(email.is_bulk for email in OutgoingEmail.objects.all())


def test_one_person_can_be_registered_without_an_e_mail():
    event = make_event()
    registration, _has_place = operations.register(build_registration(event, source="by_hand"), notify=False)
    assert registration.is_confirmed
    assert not registration.emails.exists()


@pytest.mark.parametrize("number", [1, 3, 300])
def test_each_row_costs_the_same_number_of_queries(number, django_assert_max_num_queries):
    event = make_event(capacity=100)  # 8 for the list: lock, count and the e-mails
    with django_assert_max_num_queries(number * 4 + 8):
        operations.register_all(event, people(event, number), notify=True)
