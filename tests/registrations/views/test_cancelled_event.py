"""What visitors and attendees read of an event that was cancelled."""

import json
import re
from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from conference.models import Event
from tests.factories import make_event, make_form_data, make_registration

pytestmark = pytest.mark.django_db
NOTE = {"lv": "Tiksimies maijā.", "en": "We meet in May."}


@pytest.fixture
def event():
    return make_event(slug="spring", cancelled_at=timezone.now(), cancellation_note=NOTE, confirmation_note="Bring ID")


def get(client, name, *args) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_stays_and_says_so_to_people_and_programs(client, event):
    page = get(client, "conference:event", "spring")
    assert "<title>Cancelled: Conference</title>" in page
    assert "The conference has been cancelled." in page
    assert "We meet in May." in page
    assert reverse("registrations:register", args=["spring"]) not in page
    data = json.loads(re.search(r'<script type="application/ld.json">(.*?)</script>', page)[1])
    assert data["eventStatus"] == "https://schema.org/EventCancelled"
    assert "offers" not in data
    (entry,) = icalendar.Calendar.from_ical(get(client, "conference:calendar", "spring")).walk("VEVENT")
    assert (entry["STATUS"], entry["UID"]) == ("CANCELLED", str(event.calendar_uid))
    assert "/en/spring/register/" not in client.get(reverse("sitemap")).content.decode()


@pytest.mark.parametrize("name", ["registrations:register", "registrations:embed"])
def test_the_form_is_replaced_by_the_news_and_a_form_that_was_open_saves_nothing(client, event, name):
    assert "The conference has been cancelled." in get(client, name, "spring")
    response = client.post(reverse(name, args=["spring"]), make_form_data(event))
    assert response.status_code == 409
    assert "The conference has been cancelled." in response.content.decode()
    assert not event.registrations.exists()


@pytest.mark.parametrize("status", ["confirmed", "waitlisted", "pending", "cancelled"])
def test_the_personal_page_says_so_and_offers_nothing_but_ones_own_data(client, event, status):
    registration = make_registration(event, status)
    page = get(client, "registrations:show", registration.manage_token)
    assert "The conference has been cancelled." in page
    assert "We meet in May." in page
    for text in ("you have a place", "Bring ID", "QR code"):
        assert text not in page
    for name in ("edit", "cancel", "rejoin", "confirm"):
        address = reverse(f"registrations:{name}", args=[registration.manage_token])
        assert address not in page
        response = client.post(address, follow=True)
        assert "The conference has been cancelled." in response.content.decode()
    for name in ("data", "erase"):
        assert reverse(f"registrations:{name}", args=[registration.manage_token]) in page
    registration.refresh_from_db()
    assert registration.status == status
    file = client.get(reverse("registrations:calendar", args=[registration.manage_token])).content
    assert icalendar.Calendar.from_ical(file)["METHOD"] == "CANCEL"


def test_it_is_not_the_current_event_while_another_is_to_come(client, event):
    later = make_event(title={"en": "Autumn"}, starts_at=event.starts_at + timedelta(days=90))
    assert Event.objects.current() == later
    page = get(client, "conference:home")
    assert "<title>Events · Autumn</title>" in page
    assert re.search(r"<strong>Cancelled</strong> ·", page)
    later.delete()
    assert Event.objects.current() == event
