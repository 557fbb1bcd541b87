"""The pages on which organisers cancel an event, and let it take place after all."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from conference.admin.publication_checks import settings_url
from conference.models import Event
from tests.factories import make_event, make_registration
from tests.registrations.admin.requests import get_page
from tests.registrations.stored_state import list_email_kinds

pytestmark = pytest.mark.django_db


def get_address(event, page: str) -> str:
    return reverse(f"admin:conference_event_{page}", args=[event.pk])


def test_the_page_says_who_will_be_told_and_the_button_tells_them(organiser):
    event = make_event()
    person, _waiting = make_registration(event), make_registration(event, "waitlisted")
    assert get_address(event, "cancel") in get_page(organiser, settings_url(event, "texts"))
    page = get_page(organiser, get_address(event, "cancel"))
    assert "2 people have a place or are waiting for one:" in page
    assert "<li>confirmed: 1</li><li>on the waiting list: 1</li>" in page
    assert list_email_kinds(person) == []  # opening the page does nothing

    note = {"note_0": "Zāle ir applūdusi.", "note_1": "The hall is flooded."}
    response = organiser.post(get_address(event, "cancel"), note, follow=True)
    assert "The event is cancelled. E-mails on their way: 2." in response.content.decode()
    event.refresh_from_db()
    assert event.is_cancelled
    assert event.cancellation_note.data == {"lv": "Zāle ir applūdusi.", "en": "The hall is flooded."}
    assert list_email_kinds(person) == ["event_cancelled"]
    assert LogEntry.objects.latest("pk").change_message == "The event is cancelled. E-mails on their way: 2."
    assert "The event was cancelled on" in response.content.decode()

    organiser.post(get_address(event, "restore"))
    assert not Event.objects.get().is_cancelled
    assert list_email_kinds(person) == ["event_cancelled", "event_restored"]


def test_pressing_twice_tells_once(organiser):
    event = make_event()
    person = make_registration(event)
    for _time in range(2):
        organiser.post(get_address(event, "cancel"), {"note_0": "", "note_1": ""})
    assert list_email_kinds(person) == ["event_cancelled"]
    assert LogEntry.objects.count() == 1
    assert "Nothing is left to do" in get_page(organiser, get_address(event, "cancel"))


@pytest.mark.parametrize("page", ["cancel", "restore"])
def test_staff_can_do_neither(staff, page):
    event = make_event()
    assert staff.post(get_address(event, page)).status_code == 403
    assert not Event.objects.get().is_cancelled


def test_a_copy_of_a_cancelled_event_is_not_cancelled(organiser):
    event = make_event(slug="spring-2027")
    organiser.post(get_address(event, "cancel"), {"note_0": "Jā", "note_1": "Yes"})
    organiser.post(get_address(event, "copy"), {"day": "2028-05-01", "slug": "spring-2028"})
    copy = Event.objects.get(slug="spring-2028")
    assert (copy.is_cancelled, str(copy.cancellation_note)) == (False, "")
