"""The tabs above the list of registrations say how many people are in each, and what is set can be removed."""

import pytest
from django.utils import timezone

from tests.factories import make_event, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import LIST_URL

pytestmark = pytest.mark.django_db


def get_list(client, **query):
    return client.get(LIST_URL, query).context["cl"]


def count_tabs(client, **query) -> dict:
    return {tab.label: tab.number for tab in get_list(client, **query).tabs}


def test_each_tab_has_the_number_of_people_that_it_opens(organiser):
    event, other = make_event(), make_event()
    for status, number in (("confirmed", 3), ("waitlisted", 2), ("pending", 1), ("cancelled", 1)):
        for _place in range(number):
            make_registration(event, status)
    make_registration(event, checked_in_at=timezone.now())
    make_registration(other, checked_in_at=timezone.now())
    tabs = get_list(organiser, event=event.pk).tabs
    numbers = {"All": 8, "Confirmed": 4, "Waiting": 2, "To be confirmed": 1, "Cancelled": 1, "Came": 1}
    assert {tab.label: tab.number for tab in tabs} == numbers
    for tab in tabs:
        opened = organiser.get(f"{LIST_URL}{tab.url}").context["cl"]
        assert opened.result_count == tab.number, tab
        assert [one.label for one in opened.tabs if one.is_current] == [tab.label]


def test_tabs_that_nobody_is_in_are_there_only_where_they_are_usual(organiser):
    event = make_event()
    assert count_tabs(organiser, event=event.pk) == {"All": 0, "Confirmed": 0, "Waiting": 0, "Cancelled": 0}


def test_under_another_filter_a_tab_keeps_it_and_claims_no_number(organiser):
    event = make_event()
    make_registration(event, tags=["press"])
    make_registration(event)
    tabs = get_list(organiser, event=event.pk, tag="press").tabs
    assert {tab.number for tab in tabs} == {None}
    opened = organiser.get(f"{LIST_URL}{tabs[1].url}").context["cl"]
    assert (tabs[1].label, opened.result_count) == ("Confirmed", 1)


def test_what_is_set_is_removed_one_by_one_or_altogether(organiser):
    event = make_event()
    make_registration(event, tags=["press"], first_name="Anna")
    query = {"event": event.pk, "tag": "press", "q": "anna", "status__exact": "confirmed"}
    shown = get_list(organiser, **query)
    assert [chip.label for chip in shown.chips] == ["search: “anna”", "Tag: press"]
    without_search = organiser.get(f"{LIST_URL}{shown.chips[0].url}").context["cl"]
    assert [chip.label for chip in without_search.chips] == ["Tag: press"]
    assert [tab.label for tab in without_search.tabs if tab.is_current] == ["Confirmed"]
    assert shown.clear_url == f"?event={event.pk}"


def test_the_numbers_are_only_of_events_that_the_user_may_see(client):
    ours, theirs = make_event(), make_event()
    make_registration(ours)
    make_registration(theirs)
    user = make_user("Staff")
    restrict_to_events(user, ours)
    client.force_login(user)
    assert count_tabs(client)["All"] == 1
