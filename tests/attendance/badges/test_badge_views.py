"""The page that prints badges: whom it offers, what it remembers and logs, and who may open it."""

import re
from urllib.parse import urlencode

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.urls import reverse

from attendance.admin import badge_views
from attendance.badges.badge_sheets import list_people
from attendance.models import Badge, BadgeRole
from registrations.exports.access import LOCK_ID, MAX_SLOTS
from registrations.models import Registration
from registrations.permissions import HELPERS, ORGANISERS, STAFF
from tests.attendance.badges.printed_badges import split_badges
from tests.factories import make_event, make_picture, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import LIST_URL, get_page, read_download
from tests.registrations.concurrency.threads import run_at_once

pytestmark = pytest.mark.django_db

URL = reverse("admin:attendance_badges")


@pytest.fixture
def organiser(client):
    client.user = make_user(ORGANISERS)
    client.force_login(client.user)
    return client


def print_badges(client, *, people="all", layout="a7", blanks=0, query=(), **options):
    data = {"print": "1", "people": people, "layout": layout, "blanks": blanks, **options}
    return client.post(f"{URL}?{urlencode(dict(query))}", data)


def read_names(response, layout="a7") -> list[str]:
    """Return the last names, each beginning with a capital and ending in a number, on the badges of the answer."""
    words = [word for page in split_badges(read_download(response), layout) for badge in page for word in badge]
    return [word for word in words if re.fullmatch(r"[A-Z][a-z]+\d", word)]  # a reference has no small letters


def make_people(event, *names: str) -> list[Registration]:
    return [make_registration(event, last_name=name) for name in names]


def test_the_badges_of_the_listed_people_are_printed_and_logged(organiser):
    event = make_event(slug="libraries")
    make_registration(event, last_name="Bite1", tags=["choir"])
    make_registration(event, last_name="Apse1", tags=["choir"])
    make_registration(event, last_name="Cers1")
    make_registration(event, "waitlisted", last_name="Dadzis1", tags=["choir"])
    response = print_badges(organiser, query={"event": event.pk, "tag": "choir"})
    assert response["Content-Disposition"].startswith('attachment; filename="badges-libraries-')
    assert read_names(response) == ["Apse1", "Bite1"]
    [entry] = LogEntry.objects.all()
    assert entry.user == organiser.user
    assert entry.object_id == str(event.pk)
    assert entry.change_message == (
        f"Exported: Badges, PDF. Rows: 2. Events: libraries. Filters: event={event.pk}; tag=choir. "
        "Columns: first_name, last_name, organisation, language, reference."
    )
    response = print_badges(organiser, query={"event": event.pk, "tag": "choir"}, without_place="on", has_qr="on")
    assert read_names(response) == ["Apse1", "Bite1", "Dadzis1"]
    assert "reference, ticket_code." in LogEntry.objects.latest("pk").change_message


def test_what_was_printed_is_remembered_and_can_be_printed_again(organiser):
    event = make_event()
    make_people(event, "Apse1", "Bite1")
    assert not Badge.objects.exists()
    assert read_names(print_badges(organiser, people="new")) == ["Apse1", "Bite1"]
    make_people(event, "Aaa1")
    assert "people with a place whose badge has not been printed yet (1)" in get_page(organiser, URL)
    assert read_names(print_badges(organiser, people="new")) == ["Aaa1"]
    response = print_badges(organiser, people="new")
    assert "There is no badge to print." in response.content.decode()
    assert read_names(print_badges(organiser, people="all")) == ["Aaa1", "Apse1", "Bite1"]


def test_a_role_survives_printing_and_the_other_way_round(organiser):
    event = make_event()
    [person] = make_people(event, "Apse1")
    speaker = BadgeRole.objects.list_or_create(event)[1]
    print_badges(organiser)
    printed_at = Badge.objects.get().printed_at
    assert printed_at is not None
    organiser.post(URL, {"assign": "1", "role": speaker.pk})
    badge = Badge.objects.get()
    assert (badge.registration, badge.role, badge.printed_at) == (person, speaker, printed_at)
    print_badges(organiser)
    assert Badge.objects.get().role == speaker


def test_chosen_people_get_a_role_from_the_list(organiser):
    event = make_event()
    anna, _berta, cilda = make_people(event, "Apse1", "Bite1", "Cers1")
    chosen = {"action": "print_badges", "_selected_action": [anna.pk, cilda.pk]}
    address = organiser.post(f"{LIST_URL}?event={event.pk}", chosen)["Location"]
    assert address == f"{URL}?event={event.pk}&selected={anna.pk}%2C{cilda.pk}"
    assert "Give this role to 2 listed people" in get_page(organiser, address)
    speaker = BadgeRole.objects.list_or_create(event)[1]
    told = organiser.post(address, {"assign": "1", "role": speaker.pk}, follow=True)
    assert "2 people now have the role “speaker”." in told.content.decode()
    assert set(Badge.objects.values_list("registration", "role")) == {(anna.pk, speaker.pk), (cilda.pk, speaker.pk)}
    assert {(entry.object_id, entry.change_message) for entry in LogEntry.objects.all()} == {
        (str(person.pk), "Badge role: speaker") for person in (anna, cilda)
    }


def test_the_list_leads_there(organiser):
    event = make_event()
    make_people(event, "Apse1")
    assert f'href="{URL}?event={event.pk}"' in get_page(organiser, LIST_URL, event=event.pk)


def test_of_several_events_one_is_chosen_first(organiser):
    mine, other = make_event(), make_event()
    make_people(mine, "Apse1")
    make_people(other, "Bite1")
    assert "Badges are for one event. Which one?" in get_page(organiser, URL)
    assert print_badges(organiser).status_code == 200
    assert not Badge.objects.exists()
    assert read_names(print_badges(organiser, query={"event": other.pk})) == ["Bite1"]


def test_a_role_of_another_event_cannot_be_given(organiser):
    event, other = make_event(), make_event()
    make_people(event, "Apse1")
    theirs = BadgeRole.objects.list_or_create(other)[0]
    response = organiser.post(f"{URL}?event={event.pk}", {"assign": "1", "role": theirs.pk})
    assert "Select a valid choice" in response.content.decode()
    assert not Badge.objects.exists()


def test_nobody_of_an_event_that_the_user_may_not_see(organiser):
    mine, other = make_event(), make_event()
    make_people(mine, "Apse1")
    [stranger] = make_people(other, "Bite1")
    restrict_to_events(organiser.user, mine)
    assert read_names(print_badges(organiser)) == ["Apse1"]
    for query in ({"selected": stranger.pk}, {"event": other.pk}):
        response = print_badges(organiser, query=query)
        assert response.get("Content-Type") != "application/pdf"
        assert "Bite1" not in get_page(organiser, URL, selected=stranger.pk)
        role = BadgeRole.objects.list_or_create(mine)[0]
        organiser.post(f"{URL}?{urlencode(query)}", {"assign": "1", "role": role.pk})
    assert list(Badge.objects.values_list("registration__last_name", flat=True)) == ["Apse1"]


@pytest.mark.parametrize("group", [STAFF, HELPERS])
def test_who_may_not_change_registrations_prints_nothing(client, group):
    event = make_event()
    make_people(event, "Apse1")
    client.force_login(make_user(group))
    assert client.get(URL).status_code == 403
    assert print_badges(client).status_code == 403
    assert URL not in get_page(client, LIST_URL)
    assert not Badge.objects.exists()
    assert not BadgeRole.objects.exists()


def test_blank_badges_need_nobody(organiser):
    event = make_event()
    response = print_badges(organiser, query={"event": event.pk}, layout="a7-sheet", blanks=9)
    pages = split_badges(read_download(response), "a7-sheet")
    assert [len([words for words in page if words]) for page in pages] == [8, 1]
    response = print_badges(organiser, query={"event": event.pk}, blanks=201)
    assert "less than or equal to 200" in response.content.decode()


def test_too_many_are_refused(organiser, monkeypatch):
    make_people(make_event(), "Apse1", "Bite1")
    monkeypatch.setattr(badge_views, "MAX_BADGES", 1)
    assert "At most 1 badges can be printed at once." in print_badges(organiser).content.decode()
    assert not Badge.objects.exists()


def test_only_an_event_with_a_picture_offers_it(organiser):
    event = make_event()
    assert "picture beside its title" not in get_page(organiser, URL, event=event.pk)
    event.picture = make_picture()
    event.save()
    assert "picture beside its title" in get_page(organiser, URL, event=event.pk)


def test_what_waits_for_other_exports_does_not_count_as_printed(organiser):
    make_people(make_event(), "Apse1")
    with connection.copy().cursor() as others:
        for slot in range(MAX_SLOTS):
            others.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_ID, slot])
        assert "Other lists are being exported right now." in print_badges(organiser).content.decode()
        assert not Badge.objects.exists()
        others.execute("SELECT pg_advisory_unlock_all()")
        assert read_names(print_badges(organiser)) == ["Apse1"]
        others.connection.close()


def test_a_list_costs_the_same_for_one_and_for_many(django_assert_num_queries):
    event = make_event()
    for number in (1, 4):
        make_people(event, *(f"Name{number}{letter}" for letter in range(number)))
        with django_assert_num_queries(1):
            [hasattr(person, "badge") for person in list_people(event, Registration.objects.all())]


def test_an_event_has_each_role_once(organiser):
    event, other = make_event(), make_event()
    _participant, speaker, *_others = BadgeRole.objects.list_or_create(event)
    address = reverse("admin:attendance_badgerole_change", args=[speaker.pk])
    words = {"word_0": "dalībnieks", "word_1": "participant", "colour": "#112233", "position": "1", "event": other.pk}
    assert "already exists" in organiser.post(address, words).content.decode()
    assert organiser.post(address, {**words, "word_1": "guest"})["Location"]
    speaker.refresh_from_db()
    assert (str(speaker), speaker.colour, speaker.event) == ("guest", "#112233", event)
    added = organiser.post(reverse("admin:attendance_badgerole_add"), {**words, "event": other.pk})
    assert added.status_code == 302
    assert [str(role) for role in BadgeRole.objects.filter(event=other)] == ["participant"]


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "url(x)", "#112233\n#"])
def test_a_colour_that_is_none_is_refused(organiser, colour):
    speaker = BadgeRole.objects.list_or_create(make_event())[1]
    words = {"word_0": "viesis", "word_1": "guest", "colour": colour, "position": "1", "event": speaker.event_id}
    response = organiser.post(reverse("admin:attendance_badgerole_change", args=[speaker.pk]), words)
    assert "Enter a colour such as #8a1c2f." in response.content.decode() or "at most 7" in response.content.decode()
    speaker.refresh_from_db()
    assert speaker.colour == "#8a1c2f"


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("crowd")
def test_many_who_open_the_page_first_make_the_roles_once():
    events = [make_event() for _round in range(3)]
    for event in events:
        run_at_once(BadgeRole.objects.list_or_create, [event] * 8)
    assert [BadgeRole.objects.filter(event=event).count() for event in events] == [5, 5, 5]


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("crowd")
def test_without_the_constraint_they_would_make_them_several_times():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE attendance_badgerole DROP CONSTRAINT badge_role_once_per_event")
    try:
        events = [make_event() for _round in range(3)]
        for event in events:
            run_at_once(BadgeRole.objects.list_or_create, [event] * 8)
        assert BadgeRole.objects.count() > 15
    finally:
        BadgeRole.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(BadgeRole, BadgeRole._meta.constraints[0])
