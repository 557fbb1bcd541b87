"""The page of a person says when they came and where, and has the buttons for it."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.operations import record_check_ins
from attendance.uploads import Record
from registrations.permissions import HELPERS, STAFF
from tests.attendance.check_ins import make_check_in
from tests.attendance.doors import make_door
from tests.factories import make_event, make_registration, make_user, restrict_to_events
from tests.registrations.admin.page_forms import read_form
from tests.registrations.admin.requests import LIST_URL

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff_client():
    client = Client()
    client.force_login(make_user(STAFF))
    return client


def change_url(person) -> str:
    return reverse("admin:registrations_registration_change", args=[person.pk])


def button_url(person, action="check_in") -> str:
    return reverse("admin:registrations_registration_action", args=[person.pk, action])


def read(client, person) -> str:
    return client.get(change_url(person)).content.decode()


def test_the_page_lists_when_the_person_came_and_how(organiser):
    person = make_registration(make_event(time_zone="Europe/Lisbon"))
    at = person.created_at.replace(month=6, hour=8, minute=12)
    make_check_in(person, door=make_door(person.event, "North"), method="search", happened_at=at, reason="No phone")
    make_check_in(person, is_practice=True, reason="Rehearsal")
    make_check_in(make_registration(person.event), reason="Somebody else")
    content = read(organiser, person)
    group = content.partition('id="check_ins-group"')[2]
    for text in ("09:12", "North", "found by name", "had a place", "No phone"):
        assert text in group, text
    assert "Rehearsal" not in content
    assert "Somebody else" not in content


def test_without_check_ins_there_is_no_table(organiser):
    assert 'id="check_ins-group"' not in read(organiser, make_registration(make_event()))


def test_the_page_saves_what_is_changed_on_it_beside_check_ins(organiser):
    person = make_registration(make_event())
    check_in = make_check_in(person)
    data = read_form(organiser, change_url(person)).data
    assert organiser.post(change_url(person), {**data, "job_title": "director"}).status_code == 302
    person.refresh_from_db()
    assert person.job_title == "director"
    assert [*person.check_ins.all()] == [check_in]


def test_the_buttons_check_in_and_undo_it_and_lead_back(organiser):
    person = make_registration(make_event())
    assert re.search(rf'action="{button_url(person)}">.*?<button [^>]*>Check in</button>', read(organiser, person))
    response = organiser.post(button_url(person))
    assert (response.status_code, response["Location"]) == (302, change_url(person))
    person.refresh_from_db()
    assert person.checked_in_at is not None
    assert "Undo check-in" in read(organiser, person)
    organiser.post(button_url(person, "undo_check_in"))
    person.refresh_from_db()
    assert person.checked_in_at is None


def test_a_look_checks_nobody_in(organiser):
    person = make_registration(make_event())
    assert "Check in" in organiser.get(button_url(person)).content.decode()
    person.refresh_from_db()
    assert person.checked_in_at is None


def test_helpers_check_in_and_staff_only_see(client, helper):
    person = make_registration(make_event())
    assert helper.post(button_url(person)).status_code == 302
    person.refresh_from_db()
    assert person.checked_in_at is not None
    client.force_login(make_user(STAFF))
    assert client.post(button_url(person, "undo_check_in")).status_code == 403


def test_on_the_day_checking_in_is_the_first_button_and_the_only_one_of_a_helper(organiser):
    def list_labels(person) -> tuple[list[str], list[str]]:
        context = organiser.get(change_url(person)).context
        return [str(one.label) for one in context["buttons"]], [str(one.label) for one in context["more_buttons"]]

    now = timezone.now()
    far, near = make_registration(make_event()), make_registration(make_event(starts_at=now + timedelta(hours=20)))
    assert list_labels(near)[0][0] == "Check in"
    assert "Check in" in list_labels(far)[1]
    organiser.force_login(make_user(HELPERS))
    for person in (near, far):
        assert list_labels(person) == (["Check in"], [])
    assert list_labels(make_registration(near.event, "waitlisted")) == ([], [])


def test_nobody_of_another_event_is_checked_in(organiser):
    person = make_registration(make_event())
    restrict_to_events(organiser.user, make_event())
    assert organiser.post(button_url(person)).status_code == 404
    person.refresh_from_db()
    assert person.checked_in_at is None


def test_the_list_says_when_people_came_in_the_time_zone_of_the_event_in_order_and_filtered(organiser):
    over = timezone.now() - timedelta(days=1)
    event = make_event(time_zone="America/New_York", starts_at=over)
    late, early, absent = (make_registration(event, last_name=name) for name in ("Late", "Early", "Absent"))
    times = [over - timedelta(hours=3), over - timedelta(hours=2)]
    for person, time in zip((early, late), times, strict=True):
        record_check_in(person, time)
    by_time = organiser.get(LIST_URL, {"o": str(list_columns(organiser, event).index("came") + 1), "came": "yes"})
    assert [*by_time.context["cl"].result_list] == [early, late]
    shown = re.findall(r"field-came[^>]*>[^<]*(\d\d:\d\d)", by_time.content.decode())
    assert shown == [f"{time.astimezone(event.zone):%H:%M}" for time in times]
    assert [*organiser.get(LIST_URL, {"came": "no"}).context["cl"].result_list] == [absent]


def record_check_in(person, at) -> None:
    """Let the person have come then, as a phone says that was without a network."""
    record = Record(uuid.uuid4(), "in", at, "scan", person.ticket_key)
    assert record_check_ins(person.event, [record], device_now=timezone.now()).stored == [record.id]


def list_columns(client, event) -> list[str]:
    columns = client.get(LIST_URL, {"event": event.pk}).context["cl"].list_display
    return [getattr(column, "__name__", column) for column in columns if column != "action_checkbox"]


def test_the_badge_of_this_person_alone_is_one_link_away(organiser, staff_client):
    person = make_registration(make_event())
    make_registration(person.event)
    link = re.search(r'href="([^"]*/print/\?selected=[^"]*)"', read(organiser, person))[1]
    assert [*organiser.get(link).context["selection"].people] == [person]
    assert "/print/?selected=" not in read(staff_client, person)
