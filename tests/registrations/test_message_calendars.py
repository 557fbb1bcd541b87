"""The calendar entry that comes with a message, and is taken back by a later one."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from registrations import emails, operations, sending
from registrations.models import OutgoingEmail, Registration
from tests.factories import make_event, make_registration, person
from tests.registrations.mailbox import as_received, entry_of, sent

pytestmark = pytest.mark.django_db
Kind = OutgoingEmail.Kind


def calendar_of(message):
    method, entry = entry_of(message)
    return (method, entry["UID"], int(entry["SEQUENCE"])) if entry else None


def test_calendars_are_kept_up_to_date_from_signing_up_to_cancelling_and_coming_back(time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    event = make_event()
    registration, _has_place = operations.register(person(event))
    files = [calendar_of(sent())]
    for verb in (operations.cancel, operations.rejoin, operations.cancel):
        time_machine.shift(60)
        verb(registration)
        files.append(calendar_of(sent()))
    assert [method for method, _uid, _sequence in files] == ["PUBLISH", "CANCEL", "PUBLISH", "CANCEL"]
    assert {uid for _method, uid, _sequence in files} == {str(event.calendar_uid)}
    sequences = [sequence for _method, _uid, sequence in files]
    assert sequences == sorted(set(sequences))


def test_a_moved_event_replaces_the_entry_in_the_calendar(time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    event = make_event()
    registration, _has_place = operations.register(person(event))
    _method, uid, sequence = calendar_of(sent())
    time_machine.shift(60)
    event.slug, event.starts_at = "moved", event.starts_at - timedelta(hours=1)
    event.save()
    registration.refresh_from_db()
    emails.queue(registration, Kind.CHANGED)
    method, later_uid, later_sequence = calendar_of(sent())
    assert (method, later_uid) == ("PUBLISH", uid)
    assert later_sequence > sequence


def test_who_loses_the_place_to_the_line_loses_the_entry_too():
    event = make_event(capacity=1)
    registration, _has_place = operations.register(person(event))
    sent()
    operations.register(person(event))
    operations.move_to_waiting_list(registration)
    sending.send_due()
    told = {message.to[0]: message for message in mail.outbox[1:] if message.to[0] == registration.email}
    assert calendar_of(as_received(told[registration.email]))[0] == "CANCEL"


def test_who_never_had_an_entry_gets_none_cancelled():
    registration = make_registration(make_event(), "waitlisted")
    operations.cancel(registration)
    assert calendar_of(sent()) is None
    assert not Registration.objects.exclude(status="cancelled").exists()
