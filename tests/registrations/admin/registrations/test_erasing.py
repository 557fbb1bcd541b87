"""Organisers erase people who ask for it, and what robots registered."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from registrations.admin.registrations import bulk_actions
from registrations.models import OutgoingEmail, Registration
from registrations.permissions import HELPERS, STAFF
from tests.factories import make_event, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import LIST_URL, get_page, run_action

pytestmark = pytest.mark.django_db


def ask(client, *people, query="", **values):
    data = {"action": "erase", "_selected_action": [person.pk for person in people], **values}
    return client.post(f"{LIST_URL}{query}", data)


def list_erased() -> list[int]:
    return list(Registration.objects.filter(erased_at__isnull=False).order_by("pk").values_list("pk", flat=True))


def get_person_page(person) -> str:
    return reverse("admin:registrations_registration_change", args=[person.pk])


def test_one_page_says_what_goes_and_what_stays_before_anything_does(organiser):
    event = make_event()
    people = [make_registration(event), make_registration(event, "cancelled")]
    page = ask(organiser, *people).content.decode()
    for told in (
        "Permanently erase the data of 2 people?",
        "What goes: name,",
        "What stays: an entry",
        "No e-mail is sent",
    ):
        assert told in page
    assert ", ".join(f"{person.full_name} ({person.reference})" for person in people) in page
    assert 'name="notify"' not in page
    assert "already has this status" not in page
    assert list_erased() == []


def test_the_chosen_are_erased_whatever_their_status_and_the_log_does_not_name_them(organiser):
    event = make_event(capacity=2)
    first, cancelled = make_registration(event, internal_note="Phoned"), make_registration(event, "cancelled")
    other, waiting = make_registration(event), make_registration(event, "waitlisted")
    name, email = first.full_name, first.email
    assert run_action(organiser, "erase", first, cancelled) == [
        "Erased: 2.",
        "1 person got a place from the waiting list.",
    ]
    assert list_erased() == [first.pk, cancelled.pk]
    for person in (first, other, waiting):
        person.refresh_from_db()
    assert (first.full_name, first.email, first.internal_note, first.status) == ("", "", "", "cancelled")
    assert (other.status, waiting.status) == ("confirmed", "confirmed")
    entries = LogEntry.objects.filter(object_id__in=[str(first.pk), str(cancelled.pk)])
    assert {(entry.user, entry.change_message) for entry in entries} == {(organiser.user, "Erase the data: cancelled")}
    assert {entry.object_repr for entry in entries} == {
        person.reference for person in Registration.objects.filter(pk__in=list_erased())
    }
    assert not any(word in entry.object_repr for entry in entries for word in (name, email))
    assert not OutgoingEmail.objects.exclude(registration=waiting).exists()


def test_the_persons_page_has_a_button_that_asks_with_the_same_words(organiser):
    person, other = make_registration(make_event()), make_registration(make_event())
    asking = reverse("admin:registrations_registration_action", args=[person.pk, "erase"])
    assert f'href="{asking}"' in get_page(organiser, get_person_page(person))
    asked = get_page(organiser, asking)
    for told in ("Permanently erase the data of this person?", "What goes: name,", "No e-mail is sent"):
        assert told in asked
    assert 'name="notify"' not in asked
    assert list_erased() == []
    assert organiser.post(asking)["Location"] == get_person_page(person)
    assert list_erased() == [person.pk]
    assert asking not in get_page(organiser, get_person_page(person))
    assert "/do/erase/" in get_page(organiser, get_person_page(other))


def test_two_registrations_of_one_person_are_both_erased_and_logged_by_new_references(organiser):
    event = make_event()
    person = make_registration(event)
    earlier = make_registration(
        event, "cancelled", email=person.email, first_name=person.first_name, last_name=person.last_name
    )
    assert run_action(organiser, "erase", person, earlier) == ["Erased: 2."]
    assert list_erased() == [person.pk, earlier.pk]
    logged = {(entry.object_id, entry.object_repr) for entry in LogEntry.objects.all()}
    assert logged == {(str(one.pk), one.reference) for one in Registration.objects.all()}


def test_all_that_a_robot_registered_goes_at_once_and_what_time_does_not_allow_is_told(organiser, monkeypatch):
    event = make_event()
    burst, person = event.bursts.create(), make_registration(event)
    robots = [make_registration(event, burst=burst) for _number in range(3)]
    query, everybody = f"?event={event.pk}&burst={burst.pk}", {"select_across": "1", "asked": "3"}
    monkeypatch.setattr(bulk_actions, "TIME_LIMIT_SECONDS", -1)
    response = ask(organiser, robots[0], query=query, **everybody)
    (told,) = organiser.get(response["Location"]).context["messages"]
    assert str(told) == "3 people could not be handled in time. Please repeat the action."
    monkeypatch.undo()
    ask(organiser, robots[0], query=query, **everybody)
    assert list_erased() == [robot.pk for robot in robots]
    person.refresh_from_db()
    assert person.status == "confirmed"


@pytest.mark.parametrize("group", [STAFF, HELPERS])
def test_staff_and_helpers_cannot(client, group):
    person = make_registration(make_event())
    client.force_login(make_user(group))
    assert "/do/erase/" not in get_page(client, get_person_page(person))
    assert client.post(f"{get_person_page(person)[: -len('change/')]}do/erase/").status_code == 403
    ask(client, person, asked="1")
    assert list_erased() == []


def test_nobody_of_another_event_is_erased(organiser):
    mine, theirs = make_registration(make_event()), make_registration(make_event())
    restrict_to_events(organiser.user, mine.event)
    assert "Permanently erase the data of 1 person?" in ask(organiser, mine, theirs).content.decode()
    ask(organiser, mine, theirs, asked="1")
    assert list_erased() == [mine.pk]
