"""The live page of the day: its figures, what organisers should look at, the phones, and for whom."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from attendance.models import DoorSettings
from conference.admin.publication_checks import settings_url
from registrations import operations
from registrations.permissions import STAFF
from tests.attendance.check_ins import make_check_in, make_device
from tests.attendance.doors import make_door
from tests.factories import make_event, make_registration, make_user, restrict_to_events

pytestmark = pytest.mark.django_db


def door_url(event) -> str:
    return reverse("admin:attendance_door", args=[event.pk])


def read(client, event) -> str:
    response = client.get(door_url(event))
    assert response.status_code == 200
    return response.content.decode()


def read_rows(content: str, section: str) -> list[list[str]]:
    """The rows of this section's table, as they read."""
    part = re.search(rf'id="{section}".*?</section>', content, re.DOTALL)[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in part.split("<tr>")[2:]]
    return [[" ".join(unescape(re.sub(r"<[^>]+>", "", cell)).split()) for cell in row] for row in cells]


def test_the_figures_are_shown_in_the_time_zone_of_the_event(organiser):
    event = make_event(time_zone="Europe/Lisbon")
    anna = make_registration(event)
    make_registration(event)
    at = timezone.now().replace(month=6, day=1, hour=8, minute=16, second=0)
    make_check_in(anna, door=make_door(event, "North"), happened_at=at)
    content = read(organiser, event)
    assert "<strong>1</strong> came; 2 have a place" in " ".join(content.split())
    assert read_rows(content, "entrances") == [["North", "1", ""]]
    [[label, number, _bar]] = read_rows(content, "quarters")
    assert (label.rpartition(", ")[2], number) == ("09:15", "1")
    assert f"event={event.pk}&amp;came=yes" in content


def test_what_organisers_should_look_at_is_told_with_what_to_do(organiser):
    event = make_event()
    late = make_registration(event, "waitlisted", first_name="Ilze", last_name="Kalna")
    make_check_in(late, verdict="waitlisted", reason="Speaker’s guest", device=make_device(event, name="Blue"))
    make_check_in(event=event, verdict="unknown", happened_at=timezone.now() - timedelta(hours=1))
    make_check_in(make_registration(event), verdict="welcome")
    undone = make_check_in(make_registration(event, "cancelled"), verdict="cancelled")
    make_check_in(undone.registration, "undo", undoes=undone.pk)
    first, second = read_rows(read(organiser, event), "flags")
    assert first[1:] == [
        "Ilze Kalna",
        "on the waiting list – Speaker’s guest",
        "– (Blue)",
        "If the person stays, give them a place on their page.",
    ]
    assert second[1:3] == ["unknown", "unknown ticket"]
    assert f"/admin/registrations/registration/{late.pk}/change/" in read(organiser, event)


def test_who_has_got_a_place_since_is_not_to_be_looked_at_any_more(organiser):
    event = make_event()
    late = make_registration(event, "waitlisted")
    make_check_in(late, verdict="waitlisted")
    make_check_in(make_registration(event), verdict="again")
    assert "To look at (2)" in read(organiser, event)
    operations.confirm(late, by=organiser.user)
    content = read(organiser, event)
    assert "To look at (1)" in content
    assert [row[2] for row in read_rows(content, "flags")] == ["was in already"]


def test_names_are_only_for_those_who_may_see_registrations(client):
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename="view_checkin"))
    client.force_login(user)
    event = make_event()
    late = make_registration(event, "waitlisted", first_name="Ilze", last_name="Kalna")
    make_check_in(late, verdict="waitlisted")
    content = read(client, event)
    assert "Kalna" not in content
    assert read_rows(content, "flags")[0][1] == late.reference


def test_the_phones_are_listed_with_what_they_have_still_to_send(organiser):
    event, now = make_event(), timezone.now()
    make_device(event, name="A", last_seen_at=now, unsent=3, door=make_door(event, "North"))
    make_device(event, name="B", last_seen_at=now - timedelta(minutes=9))
    make_device(event, name="C", revoked_at=now)
    make_device(make_event(), name="E")
    rows = sorted(read_rows(read(organiser, event), "phones"))
    assert [(row[0], row[1], row[2], row[4]) for row in rows] == [
        ("A", "North", "connected", "3"),
        ("B", "–", "not connected", "0"),
        ("C", "–", "locked out", "0"),
    ]


def test_a_phone_expires_as_the_event_ends_now(organiser):
    over = timezone.now() - timedelta(days=3)
    event = make_event(starts_at=over)
    make_device(event, expires_at=timezone.now() + timedelta(days=9))
    assert read_rows(read(organiser, event), "phones")[0][2] == "expired"
    event.ends_at = timezone.now()
    event.save()
    assert read_rows(read(organiser, event), "phones")[0][2] == "not connected"


def test_in_practice_the_page_shows_the_rehearsal_and_says_so(organiser):
    event = make_event()
    DoorSettings.objects.create(event=event, is_practice=True)
    make_check_in(make_registration(event), is_practice=True)
    make_check_in(make_registration(event))
    make_check_in(make_registration(event))
    content = read(organiser, event)
    assert "Practice is on" in content
    assert "<strong>1</strong> came; 3 have a place" in " ".join(content.split())


@pytest.mark.parametrize(("group", "sees"), [(None, False), (STAFF, True)], ids=["nobody", "staff"])
def test_who_sees_the_page(client, group, sees):
    client.force_login(make_user(group))
    assert client.get(door_url(make_event())).status_code == (200 if sees else 403)


def test_helpers_see_the_page_and_change_nothing(helper):
    event = make_event()
    make_device(event)
    content = read(helper, event)
    assert reverse("admin:attendance_door_settings", args=[event.pk]) not in content
    assert "Lock out" not in content
    assert "Pair a phone" not in content


def test_other_events_are_hidden(organiser):
    event = make_event()
    restrict_to_events(organiser.user, event)
    assert organiser.get(door_url(event)).status_code == 200
    assert organiser.get(door_url(make_event())).status_code == 404


def test_the_pages_of_the_event_lead_there(helper, organiser):
    event = make_event()
    for page in (
        reverse("admin:conference_event_overview", args=[event.pk]),
        reverse("admin:conference_event_changelist"),
        settings_url(event, "texts"),
    ):
        assert f'href="{door_url(event)}"' in organiser.get(page).content.decode(), page


def test_the_page_costs_the_same_queries_whatever_the_size(organiser, django_assert_max_num_queries):
    event = make_event()
    organiser.get(door_url(event))
    for number in range(5):
        seen = {"device": make_device(event), "door": make_door(event, f"Door {number}"), "user": organiser.user}
        make_check_in(make_registration(event, "waitlisted"), verdict="waitlisted", **seen)
    with django_assert_max_num_queries(20):
        read(organiser, event)
