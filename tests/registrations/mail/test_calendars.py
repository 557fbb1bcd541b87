"""The calendar entry that comes with a message, and is taken back by a later one."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from registrations import operations
from registrations.mail import delivery, outbox
from registrations.models import OutgoingEmail, Registration
from tests.factories import build_registration, make_event, make_registration
from tests.registrations.mail.mailbox import get_calendar_entry, parse_received, send_and_get_last

pytestmark = pytest.mark.django_db
Kind = OutgoingEmail.Kind


def get_calendar(message):
    method, entry = get_calendar_entry(message)
    return (method, entry["UID"], int(entry["SEQUENCE"])) if entry else None


def test_calendars_are_kept_up_to_date_from_signing_up_to_cancelling_and_coming_back(time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    event = make_event()
    registration, _has_place = operations.register(build_registration(event))
    files = [get_calendar(send_and_get_last())]
    for verb in (operations.cancel, operations.rejoin, operations.cancel):
        time_machine.shift(60)
        verb(registration)
        files.append(get_calendar(send_and_get_last()))
    assert [method for method, _uid, _sequence in files] == ["PUBLISH", "CANCEL", "PUBLISH", "CANCEL"]
    assert {uid for _method, uid, _sequence in files} == {str(event.calendar_uid)}
    sequences = [sequence for _method, _uid, sequence in files]
    assert sequences == sorted(set(sequences))


def test_a_moved_event_replaces_the_entry_in_the_calendar(time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    event = make_event()
    registration, _has_place = operations.register(build_registration(event))
    _method, uid, sequence = get_calendar(send_and_get_last())
    time_machine.shift(60)
    event.slug, event.starts_at = "moved", event.starts_at - timedelta(hours=1)
    event.save()
    registration.refresh_from_db()
    outbox.queue(registration, Kind.CHANGED)
    method, later_uid, later_sequence = get_calendar(send_and_get_last())
    assert (method, later_uid) == ("PUBLISH", uid)
    assert later_sequence > sequence


def test_who_loses_the_place_to_the_line_loses_the_entry_too():
    event = make_event(capacity=1)
    registration, _has_place = operations.register(build_registration(event))
    send_and_get_last()
    operations.register(build_registration(event))
    operations.move_to_waiting_list(registration)
    delivery.send_due()
    told = {message.to[0]: message for message in mail.outbox[1:] if message.to[0] == registration.email}
    assert get_calendar(parse_received(told[registration.email]))[0] == "CANCEL"


def test_who_never_had_an_entry_gets_none_cancelled():
    registration = make_registration(make_event(), "waitlisted")
    operations.cancel(registration)
    assert get_calendar(send_and_get_last()) is None
    assert not Registration.objects.exclude(status="cancelled").exists()


def test_the_entry_of_people_who_share_a_mailbox_is_removed_when_the_last_of_them_cancels(settings):
    settings.MAILBOX_RATE_LIMIT = (60, 3600)
    event, shared = make_event(promotes_automatically=False), "info@biblioteka.example"
    names = {"Ozola": shared, "Liepa": shared.upper(), "Kalna": shared, "Zeile": "anna@example.lv"}
    people = [
        operations.register(build_registration(event, email=email, last_name=name)).registration
        for name, email in names.items()
    ]
    make_registration(event, "waitlisted", email=shared, last_name="Egle")
    delivery.send_due()
    methods = []
    for one in people:
        operations.cancel(one)
        methods.append(get_calendar_entry(send_and_get_last())[0])
    assert methods == ["", "", "CANCEL", "CANCEL"]
