"""The end of a rehearsal at the door."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models.functions import Now

from attendance.models import DoorSettings
from attendance.uploads import Record
from conference.database_clock import read_database_clock
from conference.models import Event
from registrations.operations.locking import lock_event


def discard_rehearsal(event: Event) -> int:
    """Delete the practice check-ins of the event and end practice. Returns how many there were.

    A phone that was without a network may still send some from before: they stay practice, and count nowhere.
    """
    with lock_event(event):
        practising = DoorSettings.objects.filter(event=event, is_practice=True)
        practising.update(is_practice=False, practice_ended_at=Now())
        number, _by_model = event.check_ins.filter(is_practice=True).delete()
        return number


def correct_practice(event: Event, records: Sequence[Record], device_now: datetime | None) -> list[Record]:
    """Return the records with those in earnest that a phone made after practice had ended, not having heard of it."""
    ended_at = DoorSettings.objects.filter(event=event, is_practice=False).values_list("practice_ended_at", flat=True)
    if not (ended_at := ended_at.first()):
        return list(records)
    now = read_database_clock()
    return [
        record._replace(is_practice=False) if record.at - (device_now or now) > ended_at - now else record
        for record in records
    ]
