"""A new event from what its short page asks."""

from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client

from conference.admin.publication_checks import settings_url
from conference.models import EarlierAddress, Event, Venue
from registrations.admin.events.free_addresses import make_root
from registrations.models import get_chosen_event
from registrations.permissions import ORGANISERS
from tests.factories import make_event, make_user, make_venue, restrict_to_events
from tests.registrations.admin.page_forms import read_form

pytestmark = pytest.mark.django_db

ADD_URL = "/admin/conference/event/add/"
NEW_VENUE = {"new_venue": "Cēsu Centrālā bibliotēka", "new_street": "Raunas iela 2", "new_city": "Cēsis"}


def make_new_event_form(**values) -> dict:
    """What a browser posts from the page for a new event, with the address of a new venue."""
    times = {"starts_at_0": "2027-06-10", "starts_at_1": "10:00", "ends_at_0": "2027-06-10", "ends_at_1": "17:00"}
    rest = {"venue": "", "capacity": "", "language": "lv", "contact_email": "desk@lnb.lv"}
    return {"title_0": "Bibliotēku diena", "title_1": "", **times, **NEW_VENUE, **rest, **values}


def read_errors(response) -> dict:
    assert response.status_code == 200
    return {name: [*texts] for name, texts in response.context["adminform"].form.errors.items()}


def test_five_answers_make_a_draft_that_is_chosen_and_says_what_it_lacks(organiser):
    response = organiser.post(ADD_URL, make_new_event_form(capacity="120"), follow=True)
    event = Event.objects.get()
    assert response.redirect_chain == [(f"{settings_url(event, 'texts')}#id_summary_0", 302)]
    content = response.content.decode()
    assert "Nobody else sees it until you publish it. Go on with what is missing." in content
    assert "Title: the English text is missing." in content
    assert (event.slug, event.is_published, event.capacity) == ("biblioteku-diena-2027", False, 120)
    assert (event.starts_at, event.time_zone) == (datetime(2027, 6, 10, 7, tzinfo=UTC), "Europe/Riga")
    assert event.title.data == {"lv": "Bibliotēku diena"}
    assert event.working_language.data == {"lv": "latviešu", "en": "Latvian"}
    assert [str(text) for text in (event.venue.name, event.venue.street, event.venue.city)] == [*NEW_VENUE.values()]
    assert (event.contact_email, event.kind, event.sectors.count()) == ("desk@lnb.lv", "conference", 3)
    assert get_chosen_event(organiser.user) == event


def test_who_has_an_address_is_not_asked_for_one_and_a_venue_is_chosen(client):
    user, venue = make_user(ORGANISERS, email="anna@lnb.lv"), make_venue()
    client.force_login(user)
    data = read_form(client, ADD_URL).data
    assert not {"slug", "contact_email", "is_published", "description_0"} & data.keys()
    assert data["language"] == "lv"
    empty = dict.fromkeys(NEW_VENUE, "")
    both = make_new_event_form(venue=venue.pk, contact_email="x@example.org", language="all", **empty)
    assert client.post(ADD_URL, both).status_code == 302
    event = Event.objects.get()
    assert (event.contact_email, event.venue, event.capacity) == ("anna@lnb.lv", venue, None)
    assert event.working_language.data == {"lv": "latviešu un angļu", "en": "Latvian and English"}
    assert Venue.objects.get() == venue


def test_the_venue_of_the_latest_event_is_proposed_and_a_new_one_can_be_entered_instead(organiser):
    latest = make_event(venue=make_venue())
    assert read_form(organiser, ADD_URL).data["venue"] == str(latest.venue.pk)
    organiser.post(ADD_URL, make_new_event_form(venue=latest.venue.pk))
    made = Event.objects.latest("pk")
    assert (made.venue == latest.venue, made.venue.name.data) == (False, NEW_VENUE["new_venue"])


@pytest.mark.parametrize(
    ("values", "name", "told"),
    [
        ({"title_0": ""}, "title", "This field is required."),
        ({"starts_at_0": ""}, "starts_at", "This field is required."),
        ({"ends_at_0": "2027-06-09"}, "__all__", "The event must end after it starts."),
        ({"new_city": " "}, "new_city", "This field is required."),
        (dict.fromkeys(NEW_VENUE, ""), "venue", "Choose a venue, or enter the name and address of a new one below."),
        ({"contact_email": ""}, "contact_email", "This field is required."),
    ],
)
def test_what_is_missing_is_told_at_its_field_and_nothing_is_made(organiser, values, name, told):
    assert read_errors(organiser.post(ADD_URL, make_new_event_form(**values))) == {name: [told]}
    assert not Event.objects.exists()
    assert not Venue.objects.exists()


def test_a_venue_and_a_new_one_are_too_many(organiser):
    errors = read_errors(organiser.post(ADD_URL, make_new_event_form(venue=make_venue().pk)))
    assert errors == {"venue": ["Choose a venue or enter a new one, not both."]}


def test_the_address_is_one_that_nobody_has_or_had(organiser):
    EarlierAddress.objects.create(slug="biblioteku-diena-2027", event=make_event(slug="biblioteku-diena-2027-2"))
    organiser.post(ADD_URL, make_new_event_form())
    assert Event.objects.latest("pk").slug == "biblioteku-diena-2027-3"
    assert EarlierAddress.objects.exists()


@pytest.mark.parametrize(
    ("title", "root"),
    [
        ("Šķūņu ēnā: žurnāli", "skunu-ena-zurnali"),
        ("Bibliotēkas 2027", "bibliotekas"),
        ("Библиотека", "event"),
        ("Find", "find"),
        (
            "Bibliotēkas – pārliecinošas mūžizglītības projektu popularizētājas",
            "bibliotekas-parliecinosas-muzizglitibas",
        ),
        ("x" * 60, "x" * 40),
    ],
)
def test_the_address_is_whole_words_of_the_title_in_plain_letters(title, root):
    assert make_root(title, date(2027, 6, 10)) == root


def test_users_who_are_limited_to_some_events_make_none(client):
    user = make_user(ORGANISERS)
    restrict_to_events(user, make_event())
    client.force_login(user)
    assert client.post(ADD_URL, make_new_event_form()).status_code == 403
    assert not Event.objects.filter(slug__startswith="biblioteku").exists()


@pytest.mark.django_db(transaction=True)
def test_who_presses_twice_makes_one_event():
    user = make_user(is_superuser=True)
    ready, statuses = Barrier(2), []

    def press():
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        ready.wait()
        response = client.post(ADD_URL, make_new_event_form())
        statuses.append(response.status_code)
        connection.close()

    threads = [Thread(target=press) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 302]
    assert Event.objects.get().slug == "biblioteku-diena-2027"


def test_who_may_not_add_venues_chooses_one(client):
    venue, user = make_venue(), make_user()
    user.is_staff = True
    user.save()
    names = ["view_event", "add_event", "change_event", "view_venue"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    assert not NEW_VENUE.keys() & read_form(client, ADD_URL).data.keys()
    assert "venue" in read_errors(client.post(ADD_URL, make_new_event_form()))
    assert client.post(ADD_URL, make_new_event_form(venue=venue.pk)).status_code == 302
    assert (Event.objects.get().venue, Venue.objects.count()) == (venue, 1)
