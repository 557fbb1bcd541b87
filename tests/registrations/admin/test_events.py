from datetime import UTC, datetime

import pytest
from django.urls import reverse

from conference.models import Event
from registrations.models import Registration
from tests.factories import make_event, make_registration
from tests.registrations.admin.pages import page

pytestmark = pytest.mark.django_db


def event_form(event, **values) -> dict:
    """What a browser posts from the event's page in the admin."""
    data = {"title_0": "Konference", "title_1": "Conference", "slug": event.slug, "is_published": "on"}
    for name in ("starts_at", "ends_at"):
        moment = getattr(event, name).astimezone(event.zone)
        data |= {f"{name}_0": moment.strftime("%Y-%m-%d"), f"{name}_1": moment.strftime("%H:%M:%S")}
    data |= {"time_zone": event.time_zone, "venue": event.venue_id, "contact_email": "x@example.org"}
    data |= {"promotes_automatically": "on", "waiting_list_enabled": "on", "hold_hours": 24}
    for inline in ("topics", "partners", "questions", "paragraphs"):
        data |= {f"{inline}-TOTAL_FORMS": 0, f"{inline}-INITIAL_FORMS": 0}
    return {**data, **values}


def test_a_larger_capacity_promotes_the_first_in_line(organiser):
    event = make_event(capacity=1)
    make_registration(event)
    first, second = make_registration(event, "waitlisted"), make_registration(event, "waitlisted")
    address = reverse("admin:conference_event_change", args=[event.pk])
    response = organiser.post(address, event_form(event, capacity=2), follow=True)
    told = [str(message) for message in response.context["messages"]]
    assert "1 person got a place from the waiting list." in told
    assert [Registration.objects.get(pk=one.pk).status for one in (first, second)] == ["confirmed", "waitlisted"]
    assert Event.objects.get(pk=event.pk).capacity == 2


def test_an_events_times_are_typed_and_shown_by_its_own_clock(organiser):
    ten_in_riga = datetime(2027, 9, 19, 7, tzinfo=UTC)
    event = make_event(time_zone="Europe/Lisbon", starts_at=ten_in_riga)
    address = reverse("admin:conference_event_change", args=[event.pk])
    assert 'value="08:00:00"' in page(organiser, address)
    organiser.post(address, event_form(event, starts_at_1="09:30:00"))
    assert Event.objects.get(pk=event.pk).starts_at == datetime(2027, 9, 19, 8, 30, tzinfo=UTC)
    moved = event_form(event, starts_at_1="09:30:00", time_zone="Europe/Riga")
    organiser.post(address, moved)
    assert Event.objects.get(pk=event.pk).starts_at == datetime(2027, 9, 19, 6, 30, tzinfo=UTC)


def test_an_event_in_a_zone_that_is_none_is_told_at_the_field(organiser):
    event = make_event()
    address = reverse("admin:conference_event_change", args=[event.pk])
    response = organiser.post(address, event_form(event, time_zone="Riga"))
    assert "is not a time zone" in response.content.decode()
