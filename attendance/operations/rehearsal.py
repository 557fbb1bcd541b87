"""The end of a rehearsal at the door."""

from attendance.models import DoorSettings
from conference.models import Event
from registrations.operations.locking import lock_event


def discard_rehearsal(event: Event) -> int:
    """Delete the practice check-ins of the event and end practice. Returns how many there were.

    A phone that was without a network may still send some afterwards: they stay practice, and count nowhere.
    """
    with lock_event(event):
        DoorSettings.objects.filter(event=event).update(is_practice=False)
        number, _by_model = event.check_ins.filter(is_practice=True).delete()
        return number
