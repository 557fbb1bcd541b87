"""What is done to many people at once, and the page that asks before it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from registrations import operations
from registrations.admin.registrations import bulk_actions
from registrations.models import OutgoingEmail, Registration
from tests.factories import make_event, make_registration, restrict_to_events
from tests.registrations.admin.requests import LIST_URL, run_action

pytestmark = pytest.mark.django_db

STATUS_ACTIONS = ["confirm", "promote_out_of_turn", "promote_beyond_capacity", "move_to_waiting_list", "cancel"]


def post_action(client, action, *registrations, query="", **values):
    data = {"action": action, "_selected_action": [registration.pk for registration in registrations], **values}
    return client.post(f"{LIST_URL}{query}", data)


def get_statuses() -> list[str]:
    return list(Registration.objects.order_by("pk").values_list("status", flat=True))


@pytest.mark.parametrize("action", STATUS_ACTIONS)
def test_what_changes_how_people_stand_is_asked_first(organiser, action):
    event = make_event(capacity=1)
    people = [make_registration(event), make_registration(event, "waitlisted"), make_registration(event, "cancelled")]
    content = post_action(organiser, action, *people).content.decode()
    assert get_statuses() == ["confirmed", "waitlisted", "cancelled"]
    assert "3 people" in content
    assert "1 person already has this status and will not change." in content
    assert '<input type="checkbox" name="notify" checked>' in content
    for line in ("confirmed: 1", "on the waiting list: 1", "cancelled: 1"):
        assert line in content
    assert f'<a href="{LIST_URL}" class="button cancel-link">' in content
    assert ("Places taken: 1 of 1." in content) is (action == "promote_beyond_capacity")


def test_one_person_is_asked_about_in_the_singular(organiser):
    assert (
        "Cancel the registration of 1 person?"
        in post_action(organiser, "cancel", make_registration(make_event())).content.decode()
    )


@pytest.mark.parametrize(("notify", "kinds"), [(True, ["cancelled"]), (False, [])])
def test_the_e_mail_is_a_choice(organiser, notify, kinds):
    registration = make_registration(make_event())
    assert run_action(organiser, "cancel", registration, notify=notify) == ["Cancelled: 1."]
    assert list(registration.emails.values_list("kind", flat=True)) == kinds
    assert registration.changes.get().changed_by == organiser.user


def test_everybody_under_the_filters_is_chosen_anew_when_it_is_done(organiser):
    event = make_event(promotes_automatically=False)
    people = [make_registration(event, "waitlisted") for _number in range(3)]
    make_registration(event)
    query = "?status__exact=waitlisted"
    content = post_action(organiser, "cancel", people[0], query=query, select_across="1").content.decode()
    assert "Cancel the registrations of 3 people?" in content
    assert content.count('name="_selected_action"') == 1
    # Somebody joined the line meanwhile, so the number that was agreed to is not the number any more.
    late = make_registration(event, "waitlisted")
    answer = {"query": query, "select_across": "1", "asked": "3"}
    content = post_action(organiser, "cancel", people[0], **answer).content.decode()
    assert "The list has changed in the meantime." in content
    assert "cancelled" not in get_statuses()
    post_action(organiser, "cancel", people[0], **{**answer, "asked": "4"})
    assert get_statuses() == ["cancelled"] * 3 + ["confirmed", "cancelled"]
    assert late.changes.count() == 1


def test_the_same_reason_is_told_once_with_ten_names(organiser):
    event = make_event(capacity=0)
    people = [make_registration(event, "cancelled") for _number in range(13)]
    (told,) = run_action(organiser, "confirm", *people)
    assert told.endswith("and 3 more: All places are taken.")
    assert told.count("Anna") == 10


def test_an_address_registered_anew_is_one_reason_for_all(organiser):
    event = make_event()
    people = []
    for number in range(3):
        people.append(make_registration(event, "cancelled", email=f"a{number}@example.lv"))
        make_registration(event, email=f"a{number}@example.lv")
    (told,) = run_action(organiser, "confirm", *people)
    assert told.endswith(": There is another registration of this person for this event with this e-mail address.")


def test_when_time_is_up_the_rest_is_left_and_told(organiser, monkeypatch):
    event = make_event()
    people = [make_registration(event) for _number in range(3)]
    monkeypatch.setattr(bulk_actions, "TIME_LIMIT_SECONDS", -1)
    assert run_action(organiser, "cancel", *people) == [
        "3 people could not be handled in time. Please repeat the action."
    ]
    assert get_statuses() == ["confirmed"] * 3
    monkeypatch.undo()
    assert run_action(organiser, "cancel", *people) == ["Cancelled: 3."]


def test_going_beyond_the_places_does_and_says_so(organiser):
    event = make_event(capacity=0, promotes_automatically=False)
    waiting = make_registration(event, "waitlisted")
    assert run_action(organiser, "promote_beyond_capacity", waiting) == ["Given a place out of turn: 1."]
    assert get_statuses() == ["confirmed"]


def test_people_are_noted_as_having_come_at_once(organiser):
    event = make_event()
    confirmed, waiting = make_registration(event), make_registration(event, "waitlisted")
    assert run_action(organiser, "check_in", confirmed, waiting) == [
        f"{waiting.full_name} ({waiting.reference}): Only people with a confirmed place can be checked in.",
        "Checked in: 1.",
    ]
    assert run_action(organiser, "check_in", confirmed) == [
        f"{confirmed.full_name} ({confirmed.reference}): no change needed."
    ]
    assert run_action(organiser, "undo_check_in", confirmed) == ["Check-in undone: 1."]
    confirmed.refresh_from_db()
    assert confirmed.checked_in_at is None


def test_a_tag_is_asked_for_and_put_on_and_taken_off(organiser):
    event = make_event()
    people = [make_registration(event), make_registration(event, tags=["vip"])]
    assert "<datalist" in post_action(organiser, "add_tag", *people).content.decode()
    assert run_action(organiser, "add_tag", *people, tag="  VIP ") == [
        "The tags of 1 person were changed.",
        "1 person needed no change.",
    ]
    assert list(Registration.objects.order_by("pk").values_list("tags", flat=True)) == [["VIP"], ["vip"]]
    run_action(organiser, "remove_tag", *people, tag="vip")
    assert list(Registration.objects.values_list("tags", flat=True)) == [[], []]


@pytest.mark.parametrize("tag", ["", "a, b", "x" * 41, "a\x00b"])
def test_a_tag_that_cannot_be_is_asked_for_again(organiser, tag):
    registration = make_registration(make_event())
    response = post_action(organiser, "add_tag", registration, asked="1", tag=tag)
    assert 'class="errorlist"' in response.content.decode()
    registration.refresh_from_db()
    assert registration.tags == []


@pytest.mark.parametrize("action", ["send_email", "export_chosen", "print_list"])
def test_pages_about_the_chosen_get_them_in_the_address(organiser, action):
    people = [make_registration(make_event()) for _number in range(2)]
    response = post_action(organiser, action, *people, query="?status__exact=confirmed")
    assert response.status_code == 302
    keys = f"{people[0].pk}%2C{people[1].pk}"
    assert response["Location"].endswith(f"?status__exact=confirmed&selected={keys}")
    everybody = post_action(organiser, action, people[0], query="?status__exact=confirmed", select_across="1")
    assert everybody["Location"].endswith("?status__exact=confirmed")


@pytest.mark.parametrize("action", [*bulk_actions.BULK_ACTIONS, "add_tag", "remove_tag"])
def test_who_may_only_look_does_nothing(staff, action):
    registration = make_registration(make_event(), "waitlisted")
    post_action(staff, action, registration, asked="1", tag="vip", notify="on")
    registration.refresh_from_db()
    assert (registration.status, registration.tags) == ("waitlisted", [])
    assert not OutgoingEmail.objects.exists()


def test_nobody_of_another_event_is_touched(organiser):
    event, other = make_event(), make_event()
    mine, theirs = make_registration(event), make_registration(other)
    restrict_to_events(organiser.user, event)
    content = post_action(organiser, "cancel", mine, theirs).content.decode()
    assert "Cancel the registration of 1 person?" in content
    post_action(organiser, "cancel", mine, theirs, asked="1")
    post_action(organiser, "add_tag", mine, theirs, asked="1", tag="vip")
    theirs.refresh_from_db()
    assert (theirs.status, theirs.tags) == ("confirmed", [])
    assert LogEntry.objects.get().object_repr == mine.reference


def test_a_busy_event_is_one_reason(organiser, monkeypatch):
    people = [make_registration(make_event()) for _number in range(2)]

    def busy(registration, **how):
        raise operations.Busy

    monkeypatch.setitem(
        bulk_actions.BULK_ACTIONS, "cancel", bulk_actions.BULK_ACTIONS["cancel"]._replace(operation=busy)
    )
    busy.__name__ = "cancel"
    (told,) = run_action(organiser, "cancel", *people)
    assert "The site is very busy right now." in told


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_page_that_asks_costs_the_same_queries(organiser, django_assert_num_queries, number):
    event = make_event()
    people = [make_registration(event) for _number in range(number)]
    post_action(organiser, "cancel", *people)
    with django_assert_num_queries(26):
        post_action(organiser, "cancel", *people)


def test_the_column_of_who_came_is_shown_once_an_event_has_begun(organiser):
    make_registration(make_event())
    assert "column-came" not in organiser.get(LIST_URL).content.decode()
    make_event(starts_at=timezone.now())
    assert "column-came" in organiser.get(LIST_URL).content.decode()


def test_the_list_has_the_button_for_doubles(organiser):
    event = make_event()
    address = reverse("admin:registrations_registration_doubles")
    assert f'href="{address}?event={event.pk}"' in organiser.get(LIST_URL, {"event": event.pk}).content.decode()
