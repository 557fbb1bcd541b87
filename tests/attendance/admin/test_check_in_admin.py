"""The list of check-ins: for who may see people, of their events, and for nobody to edit."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from tests.attendance.check_ins import make_check_in
from tests.factories import make_event, make_registration, make_user, restrict_to_events

pytestmark = pytest.mark.django_db

LIST_URL = reverse("admin:attendance_checkin_changelist")


def test_the_list_says_who_came_when_in_the_time_zone_of_the_event(organiser):
    person = make_registration(make_event(time_zone="Europe/Lisbon"), first_name="Ilze", last_name="Kalna")
    check_in = make_check_in(person, happened_at=person.created_at.replace(month=6, hour=8, minute=12))
    content = organiser.get(LIST_URL).content.decode()
    assert f'<a href="/admin/registrations/registration/{person.pk}/change/">Ilze Kalna</a>' in content
    assert "09:12" in content
    change_url = reverse("admin:attendance_checkin_change", args=[check_in.pk])
    assert organiser.post(change_url, {"reason": "changed"}).status_code == 403
    assert organiser.post(reverse("admin:attendance_checkin_delete", args=[check_in.pk])).status_code == 403


def test_the_list_is_narrowed_by_event_and_note(organiser):
    event = make_event()
    wanted = make_check_in(make_registration(event, "waitlisted"), verdict="waitlisted")
    make_check_in(make_registration(event))
    make_check_in(make_registration(make_event(), "waitlisted"), verdict="waitlisted")
    shown = organiser.get(LIST_URL, {"event": event.pk, "verdict__exact": "waitlisted"}).context["cl"].result_list
    assert [*shown] == [wanted]


def test_what_was_practice_is_marked(organiser):
    make_check_in(make_registration(make_event()), is_practice=True)
    make_check_in(make_registration(make_event()))
    assert organiser.get(LIST_URL).content.decode().count("in (practice)") == 1


def test_other_events_are_hidden(organiser):
    make_check_in(make_registration(make_event()))
    restrict_to_events(organiser.user, make_event())
    assert [*organiser.get(LIST_URL).context["cl"].result_list] == []


def test_who_may_not_see_registrations_does_not_see_the_list(client):
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename="view_checkin"))
    client.force_login(user)
    assert client.get(LIST_URL).status_code == 403
