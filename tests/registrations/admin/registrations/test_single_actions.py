"""What can be done to one person from their page: offered only where it is possible, asked once, refused in a race."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from registrations import operations
from registrations.admin.registrations.single_actions import SINGLE_ACTIONS
from registrations.permissions import HELPERS, STAFF
from tests.factories import make_event, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import get_page
from tests.registrations.stored_state import list_email_kinds

pytestmark = pytest.mark.django_db


def page_url(person) -> str:
    return reverse("admin:registrations_registration_change", args=[person.pk])


def action_url(person, action) -> str:
    return reverse("admin:registrations_registration_action", args=[person.pk, action])


def do(client, person, action, **values) -> list[str]:
    """Do it as the page that asks does, and return the messages on the person's page."""
    response = client.post(action_url(person, action), values)
    assert (response.status_code, response["Location"]) == (302, page_url(person))
    told = [str(message) for message in client.get(response["Location"]).context["messages"]]
    person.refresh_from_db()
    return told


def list_offered(client, person) -> set[str]:
    return set(re.findall(r"/do/(\w+)/", get_page(client, page_url(person))))


@pytest.mark.parametrize(
    ("event", "others", "status", "expected"),
    [
        ({}, [], "confirmed", {"cancel", "send_link_again", "check_in", "erase"}),
        ({"capacity": 1}, ["waitlisted"], "confirmed", {"cancel", "send_link_again", "check_in", "erase", "wait"}),
        ({"capacity": 9}, [], "pending", {"confirm", "cancel", "send_link_again", "erase"}),
        ({"capacity": 1}, ["confirmed"], "waitlisted", {"over", "cancel", "send_link_again", "erase"}),
        ({"capacity": 2, "promotes_automatically": False}, ["confirmed"], "waitlisted", {"confirm"}),
        ({"capacity": 2, "starts_at": timedelta(hours=-1)}, ["confirmed"], "waitlisted", {"out_of_turn"}),
        ({"capacity": 1}, [], "cancelled", {"confirm", "send_link_again", "erase"}),
        ({"capacity": 1}, ["confirmed"], "cancelled", {"wait", "send_link_again", "erase"}),
        ({"capacity": 0}, ["confirmed"], "confirmed", {"wait"}),
        ({"cancelled_at": timedelta()}, [], "waitlisted", {"cancel", "send_link_again", "erase"}),
    ],
)
def test_what_is_offered_is_possible_and_what_is_not_is_refused(organiser, event, others, status, expected):
    names = {"wait": "move_to_waiting_list", "over": "promote_beyond_capacity", "out_of_turn": "promote_out_of_turn"}
    now = timezone.now()
    event = make_event(**{key: now + value if isinstance(value, timedelta) else value for key, value in event.items()})
    for other in others:
        make_registration(event, other)
    person = make_registration(event, status)
    offered = list_offered(organiser, person)
    assert {names.get(name, name) for name in expected} <= offered
    if len(expected) > 1:
        assert offered == {names.get(name, name) for name in expected}
    for name in ("confirm", *names.values()):
        if name in offered or name in ("confirm", "move_to_waiting_list"):
            assert try_out(name, person, organiser.user) is (name in offered), name


def try_out(name, person, user) -> bool:
    """Whether the operation does something, which is undone."""
    savepoint = transaction.savepoint()
    try:
        return getattr(operations, name)(type(person).objects.get(pk=person.pk), by=user)
    except operations.OperationError:
        return False
    finally:
        transaction.savepoint_rollback(savepoint)


def test_the_page_says_who_it_is_and_whether_they_are_on_the_list(organiser):
    event = make_event(capacity=1)
    make_registration(event)
    first, second = make_registration(event, "waitlisted"), make_registration(event, "waitlisted", email="")
    content = get_page(organiser, page_url(second))
    assert "On the waiting list, without a place: number 2 of 2." in content
    assert f"<h1>{second.full_name}</h1>" in content
    assert f"<title>{second.full_name} |" in content
    assert f"› {second.full_name}" in content
    assert "no e-mail" in content
    assert "On the list, with a place." in get_page(organiser, page_url(make_registration(make_event())))
    assert "Not on the list: the registration was cancelled" in get_page(
        organiser, page_url(make_registration(event, "cancelled"))
    )
    assert "number 1 of 2" in get_page(organiser, page_url(first))


def test_facts_that_nobody_gave_are_not_shown(organiser):
    person = make_registration(make_event())
    content = get_page(organiser, page_url(person))
    head = content.partition('class="person-head"')[2].partition("<form")[0]
    for absent in ("Organisation", "Job title", "Tags", "Attended", ">–<", ">-<"):
        assert absent not in head, absent
    organiser.force_login(make_user(STAFF))
    assert '<div class="readonly">-</div>' not in get_page(organiser, page_url(person))


def test_a_place_over_the_limit_is_given_after_a_page_that_says_what_that_means(organiser):
    event = make_event(capacity=1)
    make_registration(event)
    first = make_registration(event, "waitlisted", first_name="Ilze", last_name="Pirmā")
    person = make_registration(event, "waitlisted")
    asked = get_page(organiser, action_url(person, "promote_beyond_capacity"))
    for told in (
        "Places taken: 1 of 1.",
        "People on the waiting list: 2.",
        "People who have waited longer: 1 (Ilze Pirmā).",
        "No place is available: the event will go over its limit.",
        'name="notify" checked',
    ):
        assert told in asked
    person.refresh_from_db()
    assert person.is_waitlisted
    assert do(organiser, person, "promote_beyond_capacity", notify="on") == [
        "The person has a place now.",
        f"The e-mail is being sent to {person.email}.",
    ]
    first.refresh_from_db()
    assert (person.status, first.status, list_email_kinds(person)) == ("confirmed", "waitlisted", ["promoted"])
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr) == (organiser.user, person.reference)
    assert entry.change_message == "Give a place over the limit: confirmed"


def test_cancelling_says_who_gets_the_place_and_tells_nobody_unasked(organiser):
    event = make_event(capacity=1)
    person = make_registration(event)
    waiting = make_registration(event, "waitlisted", first_name="Ilze", last_name="Pirmā")
    asked = get_page(organiser, action_url(person, "cancel"))
    assert "The place will go to the next person on the waiting list: Ilze Pirmā." in asked
    assert do(organiser, person, "cancel") == [
        "The registration was cancelled.",
        "No e-mail is sent.",
        "1 person got a place from the waiting list.",
    ]
    waiting.refresh_from_db()
    assert (person.status, waiting.status, list_email_kinds(person)) == ("cancelled", "confirmed", [])


def test_a_place_that_was_taken_since_the_page_asked_is_refused_with_the_reason(organiser):
    event = make_event(capacity=1)
    person = make_registration(event, "cancelled")
    assert "Give this person a place?" in get_page(organiser, action_url(person, "confirm"))
    make_registration(event)
    assert do(organiser, person, "confirm", notify="on") == ["All places are taken."]
    assert person.is_cancelled
    assert not LogEntry.objects.exists()
    response = organiser.get(action_url(person, "confirm"))
    assert response["Location"] == page_url(person)


def test_what_another_person_did_first_changes_nothing_more(organiser):
    person = make_registration(make_event())
    operations.cancel(person)
    assert do(organiser, person, "cancel", notify="on") == ["Nothing had to be changed."]
    assert list_email_kinds(person) == ["cancelled"]


def test_a_cancelled_person_who_registered_again_is_led_to_that_registration(organiser):
    event = make_event()
    earlier = make_registration(event, "cancelled", email="anna@example.lv", first_name="Anna", last_name="Ozola")
    again = make_registration(event, email="anna@example.lv", first_name="Anna", last_name="Ozola")
    assert list_offered(organiser, earlier) == {"send_link_again", "erase"}
    assert f'href="{page_url(again)}"' in get_page(organiser, page_url(earlier))


def test_people_without_e_mail_get_their_link_on_paper(organiser):
    person = make_registration(make_event(capacity=1), email="")
    content = get_page(organiser, page_url(person))
    assert "send_link_again" not in list_offered(organiser, person)
    assert "Print ticket and link" in content
    assert "Write an e-mail" not in content
    asked = get_page(organiser, action_url(person, "cancel"))
    assert 'name="notify"' not in asked
    assert "This person has no e-mail address: please tell them yourself." in asked


@pytest.mark.parametrize("group", [STAFF, HELPERS])
@pytest.mark.parametrize("action", sorted({*SINGLE_ACTIONS} - {"check_in", "undo_check_in"}))
def test_staff_and_helpers_are_offered_nothing_that_they_may_not_do(client, group, action):
    person = make_registration(make_event(), "waitlisted")
    client.force_login(make_user(group))
    assert action not in list_offered(client, person)
    for ask in (client.get, client.post):
        assert ask(action_url(person, action)).status_code == 403
    person.refresh_from_db()
    assert person.is_waitlisted


def test_nobody_of_another_event_and_no_other_action_is_found(organiser):
    person = make_registration(make_event())
    assert organiser.post(action_url(person, "delete_all")).status_code == 404
    restrict_to_events(organiser.user, make_event())
    assert organiser.post(action_url(person, "cancel")).status_code == 404
    person.refresh_from_db()
    assert person.is_confirmed


def test_nothing_is_offered_after_erasing(organiser):
    person = make_registration(make_event())
    do(organiser, person, "erase")
    assert list_offered(organiser, person) == set()
    assert "The personal data was erased." in get_page(organiser, page_url(person))


def test_the_history_joins_changes_and_the_log(organiser):
    person = make_registration(make_event())
    do(organiser, person, "send_link_again")
    do(organiser, person, "cancel")
    lines = organiser.get(page_url(person)).context["history"]
    assert {(line.who, line.what, line.new) for line in lines} == {
        (organiser.user.username, "E-mail the personal link again: confirmed", ""),
        (organiser.user.username, "Cancel the registration: cancelled", ""),
        (organiser.user.username, "status", "cancelled"),
    }
