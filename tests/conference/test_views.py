from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from conference.models import Partner
from registrations.permissions import ORGANISERS, STAFF
from tests.conference.pages import get_page
from tests.factories import make_event, make_registration, make_topic, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("asked_for", "expected"), [("lv,en;q=0.5", "/lv/"), ("en", "/en/"), ("fi", "/en/")])
def test_the_first_page_speaks_the_browsers_language(client, asked_for, expected):
    response = client.get("/", headers={"Accept-Language": asked_for})
    assert response.status_code == 302
    assert response["Location"] == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "lv",
            [
                "Bibliotēkas – pārliecinošas mūžizglītības projektu rezultātu popularizētājas",
                "svētdiena, 2027. gada 19. septembris, 10:00–17:00",
                "Latvijas Nacionālā bibliotēka",
                "Mūkusalas iela 3, Rīga",
                "angļu",
                "Bez maksas",
                "Bibliotēku loma mūžizglītības procesos",
                "Eiropas Savienības Mūžizglītības programma (2007–2013)",
                "Eiropas Komisija nav atbildīga",
                "Reģistrēties",
            ],
        ),
        (
            "en",
            [
                "Libraries as Powerful Partners in Promoting Results of Lifelong Learning Projects",
                "Sunday, 19 September 2027, 10:00–17:00",
                "National Library of Latvia",
                "Mūkusalas iela 3, Riga",
                "English",
                "Free of charge",
                "The role of libraries in lifelong learning",
                "https://www.openstreetmap.org/?mlat=56.94070&amp;mlon=24.09690#map=17/56.94070/24.09690",
                "European Commission cannot be held responsible",
                "Register",
            ],
        ),
    ],
)
def test_the_example_is_shown_whole_in_both_languages(client, language, expected):
    with time_machine.travel("2026-11-23T12:00:00+02:00", tick=False):
        call_command("load_conference", verbosity=0)
        content = get_page(client, f"/{language}/")
    assert f'<html lang="{language}">' in content
    assert [text for text in expected if text not in content] == []


def test_home_shows_the_next_published_event_and_links_to_the_others(client):
    now = timezone.now()
    make_event(title="Next", slug="next", starts_at=now + timedelta(days=1))
    make_event(title="Later", slug="later", starts_at=now + timedelta(days=9))
    make_event(title="Over", slug="over", starts_at=now - timedelta(days=9))
    make_event(title="Secret", slug="secret", is_published=False)
    content = get_page(client, "/en/")
    assert "<h1>Next</h1>" in content
    assert '<a href="/en/later/">Later</a>' in content
    assert '<a href="/en/over/">Over</a>' in content
    assert "Secret" not in content


def test_home_says_so_when_nothing_is_announced(client):
    assert "There is no upcoming event at the moment" in get_page(client, "/en/")


def test_one_event_never_shows_another_ones_data(client):
    one, other = make_event(title="One"), make_event(title="Other")
    make_topic(other, "Topic of the other")
    Partner.objects.create(event=other, name="Partner of the other")
    content = get_page(client, f"/en/{one.slug}/")
    assert "of the other" not in content


@pytest.mark.parametrize("path", ["", "calendar.ics", "privacy/", "register/"])
def test_an_unpublished_event_is_not_there_for_the_public(client, path):
    event = make_event(is_published=False)
    assert client.get(f"/en/{event.slug}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "calendar.ics", "privacy/", "register/"])
def test_an_unpublished_event_can_be_previewed_by_organisers(client, path):
    event = make_event(is_published=False)
    client.force_login(make_user(ORGANISERS))
    assert client.get(f"/en/{event.slug}/{path}").status_code == 200


def test_an_unpublished_event_cannot_be_previewed_by_staff(client):
    event = make_event(is_published=False)
    client.force_login(make_user(STAFF))
    assert client.get(f"/en/{event.slug}/").status_code == 404


@pytest.mark.parametrize(
    ("values", "expected", "button"),
    [
        ({}, "Registration is open.", "Register"),
        (
            {"registration_opens_at": datetime(2027, 3, 28, 12, tzinfo=UTC)},
            "Registration opens: Sunday, 28 March 2027, 15:00.",
            "Add to calendar",
        ),
        ({"capacity": 0}, "All places are taken. You can join the waiting list", "Join the waiting list"),
        (
            {"capacity": 0, "waiting_list_enabled": False},
            "All places are taken, and there is no waiting list.",
            "Write to the organisers",
        ),
        (
            {"registration_closes_at": datetime(2026, 11, 22, tzinfo=UTC)},
            "Registration is closed.",
            "Write to the organisers",
        ),
        ({"starts_at": datetime(2026, 11, 1, tzinfo=UTC)}, "The conference is over.", "Write to the organisers"),
    ],
)
def test_the_state_of_registration_is_told_with_one_button(client, values, expected, button):
    with time_machine.travel("2026-11-23T12:00:00+02:00", tick=False):
        event = make_event(**{"starts_at": datetime(2027, 9, 19, 7, tzinfo=UTC), **values})
        content = get_page(client, f"/en/{event.slug}/")
    assert expected in content
    assert content.count("btn-primary") == 1
    assert f">{button}</a>" in content


@pytest.mark.parametrize(("taken", "is_told"), [(8, False), (9, True), (7, False)], ids=["a fifth", "fewer", "more"])
def test_that_few_places_are_left_is_told_without_their_number(client, taken, is_told):
    event = make_event(capacity=10)
    for _number in range(taken):
        make_registration(event)
    content = get_page(client, f"/en/{event.slug}/")
    assert ("Only a few places are left." in content) is is_told


def test_the_page_is_fresh_within_two_seconds_and_at_once_for_organisers(client):
    event = make_event(title="Before")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        get_page(client, f"/en/{event.slug}/")
        event.title = "After"
        event.save()
        assert "Before" in get_page(client, f"/en/{event.slug}/")
        clock.shift(2.1)
        assert "<h1>After</h1>" in get_page(client, f"/en/{event.slug}/")
        event.title = "Later"
        event.save()
        client.force_login(make_user(ORGANISERS))
        assert "<h1>Later</h1>" in get_page(client, f"/en/{event.slug}/")


def test_organisers_text_cannot_become_markup(client):
    event = make_event(
        title="<script>alert(1)</script>",
        description='<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![p](https://evil.example/p.png) "quoted"',
    )
    content = get_page(client, f"/en/{event.slug}/")
    assert "<script>" not in content
    assert "<img" not in content
    assert 'href="javascript' not in content


def test_the_language_switch_keeps_the_page(client):
    event = make_event()
    content = get_page(client, f"/en/{event.slug}/register/")
    assert f'<a href="/lv/{event.slug}/register/" lang="lv" hreflang="lv">' in content


def test_the_privacy_notice_names_whom_to_ask(client):
    event = make_event(privacy_notice={"en": "**Who** sees it"})
    content = get_page(client, f"/en/{event.slug}/privacy/")
    assert "<strong>Who</strong> sees it" in content
    assert "mailto:organisers@example.org" in content


def test_the_calendar_file_is_offered_as_a_download(client):
    event = make_event(slug="libraries")
    response = client.get("/en/libraries/calendar.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="libraries.ics"'
    assert f"UID:{event.calendar_uid}".encode() in response.content


@pytest.mark.parametrize("path", ["", "calendar.ics", "privacy/", "registered/"])
def test_pages_that_are_read_refuse_to_be_posted_to(client, path):
    event = make_event()
    response = client.post(f"/en/{event.slug}/{path}")
    assert response.status_code == 405
    assert "cannot be opened like that" in response.content.decode()


@pytest.mark.parametrize(("events", "topics"), [(1, 1), (3, 9)])
def test_the_event_page_costs_the_same_queries_whatever_it_holds(client, django_assert_num_queries, events, topics):
    for _number in range(events):
        event = make_event()
    for number in range(topics):
        make_topic(event, f"Topic {number}")
    with django_assert_num_queries(3):  # the event with its topics, its places, its partners
        get_page(client, f"/en/{event.slug}/")
    with django_assert_num_queries(0):
        get_page(client, f"/en/{event.slug}/")


def test_a_picture_that_is_not_there_is_not_found_even_by_who_asks_whether_it_changed(client):
    assert client.get(f"/pictures/{'a' * 64}.webp", HTTP_IF_NONE_MATCH="*").status_code == 404


def test_the_calendar_of_an_event_that_is_not_published_is_kept_by_no_cache(client):
    event = make_event(is_published=False)
    client.force_login(make_user(is_superuser=True))
    response = client.get(f"/en/{event.slug}/calendar.ics", HTTP_HOST="127.0.0.1")
    assert "no-store" in response["Cache-Control"]
    assert b"127.0.0.1" not in response.content
