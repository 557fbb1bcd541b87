"""The list to print."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from registrations.admin.registrations import export_views
from registrations.permissions import HELPERS
from tests.factories import make_event, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import get_page

pytestmark = pytest.mark.django_db

PRINT_URL = reverse("admin:registrations_registration_print")


def get_printed_names(client, **query) -> list[str]:
    return [person.last_name for person in client.get(PRINT_URL, query).context["people"]]


def test_people_stand_in_latvian_order_without_addresses(staff):
    event = make_event()
    for name in ("Cers", "Āboliņa", "Čakste", "Azars"):
        registration = make_registration(event, last_name=name, organisation="LNB")
    assert get_printed_names(staff, event=event.pk) == ["Azars", "Āboliņa", "Cers", "Čakste"]
    content = get_page(staff, PRINT_URL, event=event.pk)
    for expected in ("Conference", "4 people", "Āboliņa, Anna", "LNB", registration.reference, "confirmed"):
        assert expected in content
    assert "@" not in content


def test_who_has_one_name_stands_among_the_others_without_a_comma(staff):
    event = make_event()
    for first, last in [("Anna", "Azars"), ("Madonna", ""), ("", "Pelé"), ("Anna", "Zariņa")]:
        make_registration(event, first_name=first, last_name=last)
    content = get_page(staff, PRINT_URL, event=event.pk)
    names = re.findall(r"</span></td>\s*<td>([^<>]*)</td>", content)
    assert names == ["Azars, Anna", "Madonna", "Pelé", "Zariņa, Anna"]


def test_only_the_chosen_are_on_it(staff):
    people = [make_registration(make_event(), last_name=name) for name in ("Azars", "Cers", "Ozols")]
    assert get_printed_names(staff, selected=f"{people[0].pk},{people[2].pk}") == ["Azars", "Ozols"]


def test_who_cancelled_is_on_it_only_when_asked_for(staff):
    event = make_event()
    make_registration(event, last_name="Azars")
    make_registration(event, "cancelled", last_name="Cers")
    assert get_printed_names(staff) == ["Azars"]
    assert get_printed_names(staff, status__exact="cancelled") == ["Cers"]


def test_it_leaves_a_record_like_an_export(staff):
    event = make_event(slug="libraries")
    make_registration(event)
    get_page(staff, PRINT_URL, event=event.pk, q="Anna")
    entry = LogEntry.objects.get()
    assert entry.user == staff.user
    assert entry.change_message == (
        f"Exported: list to print. Rows: 1. Events: libraries. Filters: event={event.pk}; a text search. "
        "Columns: last_name, first_name, organisation, status, reference."
    )


def test_who_may_not_export_may_not_print(client):
    client.force_login(make_user(HELPERS))
    assert client.get(PRINT_URL).status_code == 403
    assert not LogEntry.objects.exists()


def test_nobody_of_another_event_is_on_it(staff):
    event, other = make_event(), make_event()
    make_registration(event, last_name="Azars")
    stranger = make_registration(other, last_name="Cers")
    restrict_to_events(staff.user, event)
    assert get_printed_names(staff) == ["Azars"]
    assert get_printed_names(staff, selected=stranger.pk) == []


def test_too_many_are_told_to_be(staff, monkeypatch):
    monkeypatch.setattr(export_views, "MAX_PRINTED", 1)
    event = make_event()
    for _number in range(2):
        make_registration(event)
    response = staff.get(PRINT_URL, follow=True)
    (told,) = response.context["messages"]
    assert str(told) == "A list to print can have at most 1 people. Choose fewer, for example with a filter."


@pytest.mark.parametrize("query", [{"event": "x"}, {"nonsense": "1"}, {"selected": "x,\x00"}, {"status__exact": "x"}])
def test_nonsense_in_the_address_is_never_an_error_of_the_site(staff, query):
    make_registration(make_event())
    assert staff.get(PRINT_URL, query, follow=True).status_code in (200, 400)


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_page_costs_the_same_queries(staff, django_assert_num_queries, number):
    event = make_event()
    for _number in range(number):
        make_registration(event)
    get_page(staff, PRINT_URL)
    with django_assert_num_queries(20):
        get_page(staff, PRINT_URL)


def test_who_may_export_but_not_see_registrations_prints_nothing(client):
    make_registration(make_event())
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename="export_registration"))
    client.force_login(user)
    assert client.get(PRINT_URL).status_code == 403
    assert not LogEntry.objects.exists()
