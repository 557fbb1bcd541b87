"""The list of registrations is right however many people there are, and reads them as rarely as it can."""

import random
import re
from itertools import chain

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registrations.admin.people_list import people_list
from registrations.models import Registration, generate_reference
from tests.factories import build_registration, make_event, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import LIST_URL, get_page

pytestmark = pytest.mark.django_db


def make_people(event, number: int, **values) -> list[Registration]:
    """So many people, the last of whom registered last."""
    now = timezone.now()
    return Registration.objects.bulk_create(
        build_registration(event, reference=generate_reference(), first_name=f"P{place:03}", created_at=now, **values)
        for place in range(number)
    )


def read_names(client, **query) -> list[str]:
    return re.findall(r'class="field-name" scope="row"><a [^>]*>(P\d+)', get_page(client, LIST_URL, **query))


def capture_searches(client, **query) -> list[str]:
    """The queries of the list that compare the text that is searched, other than among those found already."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        get_page(client, LIST_URL, **query)
    searches = [one["sql"] for one in captured if '"search_text"::text LIKE' in one["sql"]]
    return [one for one in searches if '"registrations_registration"."id" IN (' not in one]


@pytest.mark.parametrize("at_once", [1000, 50])
@pytest.mark.parametrize("query", [{}, {"q": "somewhere"}, {"q": "somewhere", "status__exact": "confirmed"}])
def test_each_person_is_on_one_page_of_fifty(organiser, monkeypatch, query, at_once):
    monkeypatch.setattr(people_list, "MAX_FOUND_AT_ONCE", at_once)
    event = make_event()
    make_people(event, 120, status="confirmed", organisation="Somewhere")
    if query:
        make_people(event, 3, status="cancelled", organisation="Elsewhere")
    pages = [read_names(organiser, **query, p=number) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert list(chain(*pages)) == [f"P{place:03}" for place in reversed(range(120))]
    assert "120 registrations" in get_page(organiser, LIST_URL, **query)


def test_people_are_searched_once_for_the_number_and_the_page(organiser, monkeypatch):
    make_people(make_event(), 60, status="confirmed", organisation="Somewhere")
    assert len(capture_searches(organiser, q="somewhere")) == 1
    assert len(capture_searches(organiser, q="nobody")) == 1
    assert len(capture_searches(organiser, q="nobody", event=Registration.objects.first().event_id)) == 1
    monkeypatch.setattr(people_list, "MAX_FOUND_AT_ONCE", 59)  # the control: counted, and read once more
    assert len(capture_searches(organiser, q="somewhere")) == 3


def test_a_search_finds_nobody_of_another_event(client):
    ours, theirs = make_event(), make_event()
    make_registration(ours, first_name="P001", organisation="Somewhere")
    make_registration(theirs, first_name="P002", organisation="Somewhere")
    user = make_user("Staff")
    restrict_to_events(user, ours)
    client.force_login(user)
    assert read_names(client, q="somewhere") == ["P001"]
    assert read_names(client, q="somewhere", o="1") == ["P001"]


def test_actions_on_all_that_a_search_shows_change_exactly_those(organiser):
    event = make_event()
    make_people(event, 55, status="confirmed", organisation="Somewhere")
    make_people(event, 2, status="confirmed", organisation="Elsewhere")
    first = Registration.objects.filter(organisation="Somewhere").first()
    data = {"action": "check_in", "select_across": "1", "_selected_action": [first.pk]}
    assert organiser.post(f"{LIST_URL}?q=somewhere", data).status_code == 302
    came = Registration.objects.filter(checked_in_at__isnull=False)
    assert list(came.values_list("organisation", flat=True)) == ["Somewhere"] * 55


def test_the_box_of_a_row_is_the_stock_one():
    model_admin = admin.site.get_model_admin(Registration)
    registration = Registration(pk=7, reference='A"<b>&')
    assert model_admin.action_checkbox(registration) == admin.ModelAdmin.action_checkbox(model_admin, registration)


def test_the_countries_offered_are_those_of_the_events_that_the_user_may_see(client):
    ours, also_ours, theirs, empty = (make_event() for _number in range(4))
    for event, countries in ((ours, ["LV", "", "EE", "LV"]), (also_ours, ["FI", "EE"]), (theirs, ["SE", "AD"])):
        for country in countries:
            make_registration(event, country=country)
    make_registration(ours, "cancelled", country="PL")
    user = make_user("Staff")
    restrict_to_events(user, ours, also_ours, empty)
    client.force_login(user)
    page = get_page(client, LIST_URL)
    assert re.findall(r'href="\?country=(\w+)"', page) == ["EE", "FI", "LV", "PL"]
    user.limited_access.events.clear()
    assert "?country=" not in get_page(client, LIST_URL)


def test_nobody_is_offered_a_country_or_tag_without_people(organiser):
    make_event()
    page = get_page(organiser, LIST_URL)
    assert "?country=" not in page
    assert "?tag=" not in page


@pytest.mark.parametrize(
    "alphabet",
    [range(0x20000, 0x2A6D7), range(0xAC00, 0xD7A4), range(0x3300, 0x3358), range(0x1D15E, 0x1D165), [0xFDFA]],
    ids=["rare ideographs", "Hangul", "words in a square", "notes", "a whole sentence"],
)
def test_nobody_is_refused_for_letters_that_take_much_room_in_the_index_for_searching(organiser, alphabet):
    letters = random.Random(1)
    first, last, organisation = ("".join(map(chr, letters.choices(alphabet, k=most))) for most in (100, 100, 200))
    email = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.lv"
    event = make_event()
    person = make_registration(event, first_name=first, last_name=last, organisation=organisation, email=email)
    person.refresh_from_db()
    assert len(person.search_text) == 640 or email in person.search_text
    assert len(person.search_text.encode()) <= 2560
    assert person.reference in get_page(organiser, LIST_URL, q=first[:20])


@pytest.mark.parametrize(
    "query", [{"q": "somewhere"}, {"q": "somewhere else"}, {"q": "somewhere", "status__exact": "confirmed"}]
)
def test_an_index_alone_answers_who_is_found(organiser, query):
    """It has a quarter of the table's bytes. Whether PostgreSQL prefers it depends on its statistics."""
    make_people(make_event(), 3, status="confirmed", organisation="Somewhere else")
    (search,) = capture_searches(organiser, **query)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {search}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Only Scan using registration_newest" in plan
