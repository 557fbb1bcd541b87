"""Codes and phones are forgotten after the event, by what runs once an hour; what they did stays."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from attendance.models import CheckIn, DoorDevice, DoorPairing
from attendance.operations import create_pairing
from tests.attendance.check_ins import make_check_in, make_device
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.django_db


def make_past_event(days: int):
    return make_event(starts_at=timezone.now() - timedelta(days=days, hours=8))


def run_housekeeping():
    cache.delete("needs-erased")
    call_command("send_emails")


def test_phones_of_an_event_long_past_are_forgotten_and_their_check_ins_stay():
    gone, kept = make_device(make_past_event(31)), [make_device(make_past_event(29)), make_device(make_event())]
    check_in = make_check_in(make_registration(gone.event), device=gone)
    run_housekeeping()
    assert {*DoorDevice.objects.all()} == {*kept}
    assert [(one.pk, one.registration, one.device) for one in CheckIn.objects.all()] == [
        (check_in.pk, check_in.registration, None)
    ]


def test_what_was_noted_of_people_whom_nobody_has_found_is_forgotten():
    said = {"ticket_key": "0" * 32, "reason": "Anna Ozola, broken phone"}
    gone = make_check_in(event=make_past_event(31), **said)
    kept = make_check_in(event=make_past_event(29), **said)
    known = make_check_in(make_registration(gone.event), reason="by car")
    run_housekeeping()
    for check_in, expected in [(gone, ("", "")), (kept, tuple(said.values())), (known, ("", "by car"))]:
        check_in.refresh_from_db()
        assert (check_in.ticket_key, check_in.reason) == expected


def test_codes_that_pair_nothing_any_more_are_forgotten():
    event = make_event()
    create_pairing(event, None, None)
    DoorPairing.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    create_pairing(event, None, None)
    run_housekeeping()
    assert DoorPairing.objects.filter(created_at__gt=timezone.now() - timedelta(minutes=10)).count() == 1
    assert DoorPairing.objects.count() == 1
