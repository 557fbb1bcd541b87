import csv
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from tests.factories import make_event, make_registration, make_user
from tests.registrations.admin.pages import EXPORT, LIST, download, page

pytestmark = pytest.mark.django_db


def test_the_export_refuses_an_unknown_format(organiser):
    response = organiser.get(EXPORT, {"format": "exe"}, follow=True)
    assert "This export does not exist" in response.content.decode()


def test_an_export_leaves_a_record_of_who_took_what(staff):
    event = make_event(slug="libraries")
    make_registration(event, last_name="Bērziņš")
    make_registration(event, "waitlisted", last_name="Bērziņš")
    response = staff.get(EXPORT, {"event": event.pk, "status__exact": "confirmed", "q": "berzins"})
    assert response["Content-Disposition"] == f'attachment; filename="registrations-{timezone.localdate()}.csv"'
    assert len(list(csv.reader(io.StringIO(download(response))))) == 2
    entry = LogEntry.objects.get()
    assert entry.user == staff.user
    assert entry.get_edited_object() == event
    filters = f"event={event.pk}; status__exact=confirmed; a text search"
    assert entry.change_message == f"Exported registrations: 1. Events: libraries. Filters: {filters}."


def test_an_export_of_several_events_names_them(staff):
    for slug in ("one", "other"):
        make_registration(make_event(slug=slug))
    download(staff.get(EXPORT))
    assert LogEntry.objects.get().change_message == "Exported registrations: 2. Events: one, other. Filters: –."


def test_the_comma_format_has_no_mark(staff):
    make_registration(make_event())
    assert download(staff.get(EXPORT, {"format": "csv-comma"})).startswith("Event,Reference")
    assert download(staff.get(EXPORT)).startswith("\ufeffEvent;Reference")


def test_the_buttons_export_what_the_list_shows(staff):
    event = make_event()
    make_registration(event)
    assert f'href="{EXPORT}?event={event.pk}&amp;format=csv"' in page(staff, LIST, event=event.pk)


def test_exporting_needs_its_own_permission(client):
    user = make_user()
    client.force_login(user)
    user.user_permissions.add(*user.user_permissions.model.objects.filter(codename="view_registration"))
    make_registration(make_event())
    assert client.get(EXPORT).status_code == 403
    assert EXPORT not in page(client, LIST)
    assert not LogEntry.objects.exists()
