"""What organisers often need is a click away on the overview, for those who may have it."""

import re
from html import unescape

import pytest
from django.urls import reverse

from conference.admin.publication_checks import event_change_url
from registrations.permissions import HELPERS, ORGANISERS, STAFF
from tests.factories import make_event, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import ADD_URL, EXPORT_URL, LIST_URL, get_page, read_download

pytestmark = pytest.mark.django_db

LISTS = ["sign-in-sheet.pdf", "catering.xlsx", "report.xlsx"]


def read_shortcuts(client, event) -> tuple[list[str], dict[str, str]]:
    """The lists that have a button, and the links with their addresses."""
    content = get_page(client, reverse("admin:conference_event_overview", args=[event.pk]))
    found = re.search(r'<section class="shortcuts".*?</section>', content, re.DOTALL)
    part = found[0] if found else ""
    links = re.findall(r'<li><a href="([^"]*)">(.*?)</a>', part)
    return re.findall(r'name="list" value="([^"]*)"', part), {label: unescape(url) for url, label in links}


def test_an_organiser_takes_a_list_and_opens_a_page_with_one_click(organiser):
    event = make_event()
    make_registration(event)
    lists, links = read_shortcuts(organiser, event)
    assert lists == LISTS
    assert list(links) == [
        *("Write to those who have a place", "Add question", "Reminder by e-mail: none", "Partners and logos"),
        *("Invite a colleague", "Copy for the next time", "New conference"),
    ]
    assert links["Reminder by e-mail: none"] == event_change_url(event, "#id_reminder_days")
    assert {organiser.get(url).status_code for url in links.values()} == {200}
    file = read_download(organiser.post(f"{EXPORT_URL}?event={event.pk}", {"list": lists[0]}))
    assert file.startswith(b"%PDF")


@pytest.mark.parametrize(("days", "label"), [(1, "1 day before"), (3, "3 days before")])
def test_the_reminder_is_told(organiser, days, label):
    assert f"Reminder by e-mail: {label}" in read_shortcuts(organiser, make_event(reminder_days=days))[1]


def test_nobody_is_offered_what_is_not_for_them(client):
    event = make_event()
    for group, lists, number in ((STAFF, LISTS, 0), (HELPERS, [], 0)):
        client.force_login(make_user(group))
        found, links = read_shortcuts(client, event)
        assert (found, len(links)) == (lists, number), group
    user = make_user(ORGANISERS)
    restrict_to_events(user, event)
    client.force_login(user)
    lists, links = read_shortcuts(client, event)
    assert lists == LISTS
    assert not {"Copy for the next time", "New conference"} & links.keys()  # events that they could not see


def test_a_place_over_the_limit_is_offered_where_there_is_no_other(organiser):
    event, button = make_event(capacity=1), 'name="beyond_capacity"'
    pages = [(reverse("admin:conference_event_overview", args=[event.pk]), {}), (LIST_URL, {"event": event.pk})]
    assert [button in get_page(organiser, url, **query) for url, query in pages] == [False, False]
    make_registration(event)
    assert [button in get_page(organiser, url, **query) for url, query in pages] == [True, True]
    typed = {"quick": "yes", "first_name": "Dagnija", "last_name": "Direktore", "language": "lv"}
    organiser.post(f"{ADD_URL}?event={event.pk}", {**typed, "beyond_capacity": "on"})
    organiser.post(f"{ADD_URL}?event={event.pk}", {**typed, "first_name": "Uldis"})
    statuses = event.registrations.filter(last_name="Direktore").values_list("first_name", "status").order_by("pk")
    assert list(statuses) == [("Dagnija", "confirmed"), ("Uldis", "waitlisted")]
