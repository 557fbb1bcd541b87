"""The settings of an event's door, its entrances, and the end of a rehearsal."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from attendance.models import CheckIn, Door, DoorSettings
from tests.attendance.check_ins import make_check_in
from tests.attendance.doors import make_door
from tests.factories import make_event, make_registration, restrict_to_events
from tests.registrations.admin.page_forms import FormReader

pytestmark = pytest.mark.django_db


def settings_url(event) -> str:
    return reverse("admin:attendance_door_settings", args=[event.pk])


def rehearsal_url(event) -> str:
    return reverse("admin:attendance_discard_rehearsal", args=[event.pk])


def read_form(client, event) -> dict:
    reader = FormReader("door_form")
    reader.feed(client.get(settings_url(event)).content.decode())
    return reader.data


def save(client, event, data: dict, **changes):
    return client.post(settings_url(event), {**data, **changes})


def read_errors(response) -> list[str]:
    assert response.status_code == 200
    return re.findall(r"<li>([^<]*)</li>", response.content.decode().partition('id="door_form"')[2])


def test_settings_and_entrances_are_saved_and_logged(organiser):
    event = make_event()
    old, gone = make_door(event, "Old"), make_door(event, "Gone")
    other = make_door(make_event(), "Other")
    data = read_form(organiser, event)
    rows = {data[f"doors-{number}-id"]: f"doors-{number}" for number in range(2)}
    changes = {f"{rows[str(old.pk)]}-name": "North", f"{rows[str(gone.pk)]}-DELETE": "on", "doors-2-name": "South"}
    assert save(organiser, event, data, has_names="on", **changes).status_code == 302
    assert [*event.doors.values_list("name", flat=True)] == ["North", "South"]
    assert (DoorSettings.objects.get().event, DoorSettings.objects.get().has_names) == (event, True)
    assert DoorSettings.objects.filter(exceeds_capacity=False, checks_out=False, is_practice=False).exists()
    other.refresh_from_db()
    assert other.name == "Other"
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (organiser.user, str(event.pk))
    assert "Phones can search by name" in entry.get_change_message()
    assert "South" in entry.get_change_message()


def test_the_consequence_of_names_on_phones_is_said(organiser):
    content = " ".join(organiser.get(settings_url(make_event())).content.decode().split())
    assert "a lost phone can give them away" in content


def test_the_size_of_badges_is_one_that_has_a_page_for_each(organiser):
    event = make_event()
    data = read_form(organiser, event)
    assert data["badge_layout"] == "a7"
    assert save(organiser, event, data, badge_layout="label-62").status_code == 302
    assert DoorSettings.objects.get().badge_layout == "label-62"
    for wrong in ("a7-sheet", "x" * 200, ""):
        assert len(read_errors(save(organiser, event, data, badge_layout=wrong))) == 1
    assert DoorSettings.objects.get().badge_layout == "label-62"


def test_two_entrances_of_one_name_are_refused(organiser):
    event = make_event()
    make_door(event, "North")
    data = read_form(organiser, event)
    refused = save(organiser, event, data, **{"doors-1-name": "north", "doors-2-name": "South"})
    assert "Another entrance has this name." in read_errors(refused)
    refused = save(organiser, event, data, **{"doors-1-name": "South", "doors-2-name": "SOUTH"})
    assert "Another entrance has this name." in read_errors(refused)
    assert Door.objects.count() == 1


def test_entrances_that_swap_their_names_are_told_to_do_it_in_two_steps(organiser):
    event = make_event()
    make_door(event, "North")
    make_door(event, "South")
    data = read_form(organiser, event)
    refused = save(organiser, event, data, **{"doors-0-name": "South", "doors-1-name": "North", "checks_out": "on"})
    assert "Two entrances have one name. Please change one of them first." in read_errors(refused)
    assert not DoorSettings.objects.exists()


def test_what_somebody_else_changed_meanwhile_stays(organiser):
    event = make_event()
    make_door(event, "North")
    mine, theirs = read_form(organiser, event), read_form(organiser, event)
    save(organiser, event, theirs, has_names="on", **{"doors-0-name": "Theirs"})
    assert save(organiser, event, mine, checks_out="on").status_code == 302
    assert (DoorSettings.objects.get().has_names, DoorSettings.objects.get().checks_out) == (True, True)
    assert Door.objects.get().name == "Theirs"
    refused = save(organiser, event, mine, **{"doors-0-name": "Mine"})
    assert any("“Theirs”. You entered “Mine”." in error for error in read_errors(refused))


def test_a_check_in_stays_when_its_entrance_is_removed(organiser):
    event = make_event()
    check_in = make_check_in(make_registration(event), door=make_door(event))
    data = read_form(organiser, event)
    assert save(organiser, event, data, **{"doors-0-DELETE": "on"}).status_code == 302
    check_in.refresh_from_db()
    assert check_in.door is None


def test_the_rehearsal_is_thrown_away_after_one_question(organiser):
    event, other = make_event(), make_event()
    DoorSettings.objects.create(event=event, is_practice=True, has_names=True)
    person = make_registration(event)
    counted = make_check_in(person)
    elsewhere = make_check_in(make_registration(other), is_practice=True)
    make_check_in(person, is_practice=True)
    make_check_in(person, is_practice=True)
    assert "2 practice check-ins will be deleted" in organiser.get(rehearsal_url(event)).content.decode()
    assert organiser.post(rehearsal_url(event), {"asked": "1"}).status_code == 200
    assert CheckIn.objects.count() == 4
    assert organiser.post(rehearsal_url(event), {"asked": "2"}).status_code == 302
    assert {*CheckIn.objects.all()} == {counted, elsewhere}
    assert (DoorSettings.objects.get().is_practice, DoorSettings.objects.get().has_names) == (False, True)
    assert LogEntry.objects.get().change_message == "2 practice check-ins were deleted."


@pytest.mark.parametrize("make_url", [settings_url, rehearsal_url])
def test_only_those_who_may_change_the_door_of_this_event(organiser, helper, make_url):
    event = make_event()
    assert helper.get(make_url(event)).status_code == 403
    assert helper.post(make_url(event)).status_code == 403


@pytest.mark.parametrize("make_url", [settings_url, rehearsal_url])
def test_the_door_of_another_event_is_not_found(organiser, make_url):
    restrict_to_events(organiser.user, make_event())
    assert organiser.get(make_url(make_event())).status_code == 404


def test_who_may_not_delete_check_ins_throws_no_rehearsal_away(organiser):
    organiser.user.groups.clear()
    names = ["change_doorsettings", "change_door", "view_checkin"]
    organiser.user.user_permissions.set(Permission.objects.filter(codename__in=names))
    event = make_event()
    assert organiser.get(settings_url(event)).status_code == 200
    assert organiser.post(rehearsal_url(event), {"asked": "0"}).status_code == 403
