"""The search above every page leads to the person who is found, or to the list of all who are."""

import re

import pytest
from django.urls import reverse

from registrations.models import choose_event
from registrations.permissions import HELPERS
from tests.factories import make_event, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import LIST_URL, get_page

pytestmark = pytest.mark.django_db

FIND_URL = reverse("admin:registrations_registration_find")


def page_url(person) -> str:
    return reverse("admin:registrations_registration_change", args=[person.pk])


def find(client, query: str) -> str:
    """Where the search ends, which is a page that can be read."""
    response = client.get(FIND_URL, {"q": query}, follow=True)
    assert response.status_code == 200
    return response.redirect_chain[-1][0]


def test_every_page_finds_a_person_by_name_and_by_reference(organiser):
    event = make_event()
    person = make_registration(event, last_name="Bērziņš")
    make_registration(event, last_name="Ozols")
    box = re.search(r'<form class="person-search" method="get" action="([^"]*)"', get_page(organiser, page_url(person)))
    assert box[1] == FIND_URL
    for query in ("berzins", person.reference):
        assert find(organiser, query) == page_url(person)


def test_several_and_none_are_shown_as_a_list(organiser):
    event = make_event()
    for name in ("Anna", "Inese"):
        make_registration(event, first_name=name, last_name="Ozola")
    assert find(organiser, "ozola") == f"{LIST_URL}?q=ozola"
    assert organiser.get(f"{LIST_URL}?q=ozola").context["cl"].result_count == 2
    assert find(organiser, "nobody") == f"{LIST_URL}?q=nobody"
    assert organiser.get(FIND_URL)["Location"] == LIST_URL


def test_a_search_that_is_shortened_is_told_once(organiser):
    make_registration(make_event(), last_name="Ozols")
    response = organiser.get(FIND_URL, {"q": "o z l s a b c d e f g"}, follow=True)
    assert response.request["PATH_INFO"] == LIST_URL
    assert len([*response.context["messages"]]) == 1


def test_only_people_of_the_chosen_event_are_found(organiser):
    event, other = make_event(), make_event()
    mine, _namesake = make_registration(event, last_name="Ozols"), make_registration(other, last_name="Ozols")
    choose_event(organiser.user, event)
    assert find(organiser, "ozols") == page_url(mine)


def test_nobody_of_a_hidden_event_is_found(client):
    event, hidden = make_event(), make_event()
    make_registration(hidden, last_name="Ozols", email="ozols@example.lv")
    user = make_user(HELPERS)
    restrict_to_events(user, event)
    client.force_login(user)
    assert find(client, "ozols").startswith(LIST_URL)
    visible = make_registration(event, last_name="Ozols", email="secret@example.lv")
    assert find(client, "ozols") == page_url(visible)
    assert find(client, "secret").startswith(LIST_URL)  # who may not see addresses does not find by them


@pytest.mark.parametrize("event", ["", "abc", "0", "9" * 30, "1\0"])
def test_who_sees_no_event_finds_nobody_whatever_the_address_says(client, event):
    make_registration(make_event(), last_name="Ozola")
    user = make_user(HELPERS)
    restrict_to_events(user)
    client.force_login(user)
    for url in (FIND_URL, LIST_URL):
        response = client.get(url, {"q": "ozola", "event": event}, follow=True)
        assert response.status_code in (200, 400, 404)
        assert "Ozola" not in response.content.decode()
