"""What happened at the door, as phones or organisers stored it."""

from django.utils import timezone

from attendance.models import CheckIn, DoorDevice
from attendance.models.door_device import get_expiry
from tests.factories import numbers


def make_check_in(registration=None, kind: str = "in", **values) -> CheckIn:
    """Create a check-in of this person, or with `event` that of a ticket which nobody has."""
    if registration:
        values.setdefault("event", registration.event)
    defaults = {"method": "scan", "happened_at": timezone.now(), "verdict": "welcome" if kind == "in" else ""}
    return CheckIn.objects.create(registration=registration, kind=kind, **{**defaults, **values})


def make_device(event, **values) -> DoorDevice:
    """Create a phone that was paired, and that has not been seen yet."""
    number = next(numbers)
    defaults = {"name": f"Phone {number}", "token_hash": f"{number:064x}", "expires_at": get_expiry(event)}
    return DoorDevice.objects.create(event=event, **{**defaults, **values})
