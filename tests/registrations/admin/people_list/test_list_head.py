"""Above the list of people: tabs with numbers, what is filtered, columns, and a short form to add somebody."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from registrations.models import AdminPreferences
from registrations.permissions import HELPERS, STAFF
from tests.factories import make_choice, make_event, make_question, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import LIST_URL, get_page

pytestmark = pytest.mark.django_db

COLUMNS_URL = reverse("admin:registrations_registration_columns")
ADD_URL = reverse("admin:registrations_registration_add")


def get_list(client, query: str = "", **values):
    return client.get(f"{LIST_URL}{query}", values).context["cl"]


def name_columns(client, **query) -> list[str]:
    return [column.__name__ for column in get_list(client, **query).list_display if callable(column)]


def log_in_as(client, group: str, *events):
    user = make_user(group)
    if events:
        restrict_to_events(user, *events)
    client.force_login(user)
    return client


def test_each_tab_has_the_number_of_people_that_it_opens(organiser):
    event, other = make_event(), make_event()
    for status, number in (("confirmed", 3), ("waitlisted", 2), ("pending", 1), ("cancelled", 1)):
        for _place in range(number):
            make_registration(event, status)
    make_registration(event, checked_in_at=timezone.now())
    make_registration(other, checked_in_at=timezone.now())
    tabs = get_list(organiser, event=event.pk).tabs
    numbers = {"All": 8, "Confirmed": 4, "Waiting": 2, "To be confirmed": 1, "Cancelled": 1, "Came": 1}
    assert {str(tab.label): tab.number for tab in tabs} == numbers
    for tab in tabs:
        opened = get_list(organiser, tab.url)
        assert (opened.result_count, len(opened.result_list)) == (tab.number, tab.number), tab
        assert [one.label for one in opened.tabs if one.is_current] == [tab.label]


def test_under_another_filter_a_tab_keeps_it_and_claims_no_number(organiser):
    event = make_event()
    make_registration(event, tags=["press"])
    make_registration(event)
    tabs = get_list(organiser, event=event.pk, tag="press").tabs
    assert {tab.number for tab in tabs} == {None}
    assert get_list(organiser, tabs[1].url).result_count == 1


def test_the_numbers_are_only_of_events_that_the_user_may_see(client):
    ours, theirs = make_event(), make_event()
    make_registration(ours)
    make_registration(theirs, checked_in_at=timezone.now())
    log_in_as(client, STAFF, ours)
    assert {str(tab.label): tab.number for tab in get_list(client).tabs if tab.number} == {"All": 1, "Confirmed": 1}


def test_what_is_set_is_removed_one_by_one_or_altogether(organiser):
    event = make_event()
    make_registration(event, tags=["press"], first_name="Anna")
    shown = get_list(organiser, event=event.pk, tag="press", q="anna", status__exact="confirmed")
    assert [chip.text for chip in shown.chips] == ["tag: press", "search: “anna”"]
    without_search = get_list(organiser, shown.chips[1].url)
    assert [chip.text for chip in without_search.chips] == ["tag: press"]
    assert [str(tab.label) for tab in without_search.tabs if tab.is_current] == ["Confirmed"]
    assert get_list(organiser, shown.clear_url).chips == []
    kept = {"event": str(event.pk), "tag": "press", "status__exact": "confirmed"}
    assert dict(shown.kept_params) == kept  # what a search sends along


def test_chosen_columns_are_remembered_with_the_answers_to_a_question(organiser):
    event = make_event()
    question = make_question(event, kind="one_of")
    make_choice(question, "soup", label={"en": "Soup of the day", "lv": "Zupa"})
    make_registration(event, answers={"lunch": "soup"})
    assert "Soup of the day" not in get_list(organiser, event=event.pk).render_rows()
    chosen = {
        "columns": ["status", "answers.lunch", "no_such", "a\0b", "ē" * 200],
        "next": f"{LIST_URL}?event={event.pk}",
    }
    assert organiser.post(COLUMNS_URL, chosen)["Location"] == chosen["next"]
    assert name_columns(organiser, event=event.pk) == ["name", "status", "answers.lunch"]
    assert "Soup of the day</td>" in get_list(organiser, event=event.pk).render_rows()
    other = make_event()
    assert name_columns(organiser, event=other.pk) == ["name", "status"]
    elsewhere = organiser.post(COLUMNS_URL, {"columns": [], "next": "https://example.org/"})
    assert elsewhere["Location"] == LIST_URL


@pytest.mark.parametrize(
    ("group", "expected"),
    [(HELPERS, ["name", "status"]), (STAFF, ["name", "email", "status"])],
)
def test_nobody_is_shown_a_column_that_is_not_for_them(client, group, expected):
    event = make_event()
    make_question(event, "seat", is_internal=True)
    make_question(event, "diet", is_about_needs=True)
    log_in_as(client, group)
    AdminPreferences.objects.create(
        user=client.get(LIST_URL).wsgi_request.user, columns=["email", "status", "answers.seat", "answers.diet"]
    )
    assert name_columns(client, event=event.pk) == expected


def test_those_who_wait_are_told_by_their_place_in_line(organiser):
    event, other = make_event(), make_event()
    make_registration(other, "waitlisted")
    for place in range(3):
        make_registration(event, "waitlisted", first_name=f"P{place}")
    rows = get_list(organiser, event=event.pk).render_rows()
    assert [rows.count(f"waiting, number {place}<") for place in (1, 2, 3, 4)] == [1, 1, 1, 0]


def test_pages_of_the_second_half_are_read_from_the_end_in_the_same_order(organiser):
    event, now = make_event(), timezone.now()
    for minute in range(9):
        make_registration(event, first_name=f"P{minute}", created_at=now - timedelta(minutes=minute))
    shown = get_list(organiser, event=event.pk)
    paginator = shown.model_admin.get_paginator(shown.request, shown.queryset, 2)
    pages = [[person.first_name for person in paginator.page(number)] for number in range(1, 6)]
    assert pages == [["P0", "P1"], ["P2", "P3"], ["P4", "P5"], ["P6", "P7"], ["P8"]]


def test_somebody_is_added_from_the_list_with_a_name_alone(organiser):
    event = make_event()
    typed = {"quick": "yes", "first_name": "Milda", "last_name": "Vecā", "language": "lv"}
    assert 'name="quick"' in get_page(organiser, LIST_URL, event=event.pk)
    response = organiser.post(f"{ADD_URL}?event={event.pk}", typed)
    assert response["Location"] == f"{LIST_URL}?event={event.pk}"
    assert (event.registrations.get().full_name, event.registrations.get().emails.count()) == ("Milda Vecā", 0)


def test_what_is_wrong_is_told_on_the_whole_form_with_what_was_typed(organiser):
    event = make_event()
    typed = {"quick": "yes", "first_name": "Milda", "email": "milda@", "language": "lv"}
    response = organiser.post(f"{ADD_URL}?event={event.pk}", typed)
    assert list(response.context["form"].errors) == ["email"]
    assert 'value="Milda"' in response.content.decode()
    assert not event.registrations.exists()
