"""Cancelling an event, and taking that back. The registrations keep their status, and everybody is told."""

from datetime import timedelta

from i18nfield.strings import LazyI18nString

from conference.models import Event
from registrations.mail import outbox
from registrations.models import OutgoingEmail, Registration
from registrations.operations.locking import lock_event
from registrations.operations.waiting_list import fill_free_places

Kind = OutgoingEmail.Kind


def cancel_event(event: Event, *, note: LazyI18nString | str = "") -> bool:
    """Cancel the event and queue the e-mails to all who have a place or wait for one, with `note` in them.

    From now on nobody registers, is promoted, reminded or changes anything. False if it is cancelled already.
    """
    with lock_event(event) as locked:
        if locked.is_cancelled:
            return False
        write_cancellation(event, cancelled_at=locked.locked_at, cancellation_note=note)
        people = event.registrations.live().not_erased().order_by("pk")
        outbox.queue_all(people, Kind.EVENT_CANCELLED, is_bulk=True)
    return True


def restore_event(event: Event) -> bool:
    """Let a cancelled event take place after all, and queue the e-mails to those who were told. False if it does.

    Places that were held are held anew. Who was not sent the cancellation yet is sent neither: see `mail.staleness`.
    """
    with lock_event(event) as locked:
        if not locked.is_cancelled:
            return False
        write_cancellation(event, cancelled_at=None, cancellation_note="")
        held = event.registrations.filter(status=Registration.Status.PENDING)
        held.update(hold_until=locked.locked_at + timedelta(hours=locked.hold_hours))
        told = (
            event.registrations.live().not_erased().filter(emails__kind=Kind.EVENT_CANCELLED).distinct().order_by("pk")
        )
        outbox.queue_all(told, Kind.EVENT_RESTORED, is_bulk=True)
        locked.cancelled_at = None
        fill_free_places(locked)
    return True


def write_cancellation(event: Event, **values) -> None:
    for name, value in values.items():
        setattr(event, name, value)
    event.save(update_fields=[*values, "updated_at"])
