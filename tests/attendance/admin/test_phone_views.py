"""Pairing a phone by a code on an organiser's screen, and locking it out."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.models import DoorDevice, DoorPairing
from tests.attendance.check_ins import make_device
from tests.attendance.doors import make_door
from tests.factories import make_event, restrict_to_events

pytestmark = pytest.mark.django_db


def pair_url(event) -> str:
    return reverse("admin:attendance_pair", args=[event.pk])


def lock_out_url(event, device) -> str:
    return reverse("admin:attendance_lock_out", args=[event.pk, device.pk])


def read_address(response) -> str:
    return re.search(r'<code class="pairing-address">([^<]+)</code>', response.content.decode())[1]


def test_the_address_that_is_shown_pairs_one_phone_with_this_entrance(organiser, settings):
    settings.SITE_URL = "https://conference.example.org"
    event = make_event()
    door = make_door(event, "North")
    response = organiser.post(pair_url(event), {"door": door.pk})
    address = read_address(response)
    assert address.startswith("https://conference.example.org/door/pair/")
    assert 'class="qr"' in response.content.decode()
    assert 'data-countdown="600"' in response.content.decode()
    phone = Client()
    path = address.removeprefix("https://conference.example.org")
    assert phone.post(path, {"name": "Blue", "door": door.pk}).status_code == 302
    assert [(one.name, one.door, one.event) for one in DoorDevice.objects.all()] == [("Blue", door, event)]
    assert phone.post(path, {"name": "Red"}).status_code == 410
    assert ">Blue<" in organiser.get(pair_url(event)).content.decode()
    assert LogEntry.objects.get().change_message == "Showed a code that pairs a phone"


def test_looking_at_the_page_makes_no_code(organiser):
    event = make_event()
    assert 'class="qr"' not in organiser.get(pair_url(event)).content.decode()
    assert not DoorPairing.objects.exists()


def test_each_press_of_the_button_makes_another_code(organiser):
    event = make_event()
    assert read_address(organiser.post(pair_url(event))) != read_address(organiser.post(pair_url(event)))


def test_the_entrance_of_another_event_is_refused(organiser):
    event = make_event()
    organiser.post(pair_url(event), {"door": make_door(make_event()).pk})
    assert not DoorPairing.objects.exists()


def test_after_the_event_no_phone_is_paired(organiser):
    event = make_event(starts_at=timezone.now() - timedelta(days=9))
    content = organiser.post(pair_url(event)).content.decode()
    assert "no phone can be paired any more" in content
    assert not DoorPairing.objects.exists()


def test_phones_are_paired_once_the_event_is_published(organiser):
    event = make_event(is_published=False)
    assert "The event is not published yet." in organiser.post(pair_url(event)).content.decode()
    assert not DoorPairing.objects.exists()
    event.is_published = True
    event.save()
    assert read_address(organiser.post(pair_url(event)))


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ("http://localhost:8000", "leads to this computer only"),
        ("http://conference.example.org", "has no HTTPS"),
        ("https://conference.example.org", None),
    ],
)
def test_where_the_site_gives_phones_no_camera_it_says_so(organiser, settings, site, said):
    settings.SITE_URL = site
    content = organiser.get(pair_url(make_event())).content.decode()
    warnings = [text for text in ("leads to this computer only", "has no HTTPS") if text in content]
    assert warnings == ([said] if said else [])


def test_a_phone_is_locked_out_after_one_question(organiser):
    event = make_event()
    device, other = make_device(event, name="Blue", unsent=2), make_device(event)
    content = " ".join(organiser.get(lock_out_url(event, device)).content.decode().split())
    assert "2 check-ins were still to be sent" in content
    device.refresh_from_db()
    assert device.revoked_at is None
    assert organiser.post(lock_out_url(event, device)).status_code == 302
    assert [*DoorDevice.objects.filter(revoked_at=None)] == [other]
    assert LogEntry.objects.get().change_message == "Locked out the phone “Blue”"
    organiser.post(lock_out_url(event, device))
    assert LogEntry.objects.count() == 1


def test_a_phone_of_another_event_is_not_found(organiser):
    event, other = make_event(), make_event()
    assert organiser.post(lock_out_url(event, make_device(other))).status_code == 404
    restrict_to_events(organiser.user, event)
    assert organiser.post(lock_out_url(other, make_device(other))).status_code == 404
    assert organiser.post(pair_url(other)).status_code == 404
    assert not DoorDevice.objects.exclude(revoked_at=None).exists()


def test_helpers_pair_and_lock_out_no_phones(helper):
    event = make_event()
    device = make_device(event)
    assert helper.post(pair_url(event)).status_code == 403
    assert helper.post(lock_out_url(event, device)).status_code == 403
    device.refresh_from_db()
    assert device.revoked_at is None
    assert not DoorPairing.objects.exists()
