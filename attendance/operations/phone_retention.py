"""What is kept of phones at the door after the event: nothing but what they did, and to whom."""

from datetime import timedelta

from django.db.models.functions import Now

from attendance.models import CheckIn, DoorDevice, DoorPairing
from attendance.models.door_device import KEPT, PAIRING_MINUTES


def forget_phones() -> None:
    """Delete codes that no longer pair a phone, and phones a month after their event. Check-ins stay."""
    DoorPairing.objects.filter(created_at__lt=Now() - timedelta(minutes=PAIRING_MINUTES)).delete()
    DoorDevice.objects.filter(event__ends_at__lt=Now() - KEPT, expires_at__lt=Now()).delete()


def forget_unknown_tickets() -> None:
    """Empty what check-ins say of people whom nobody has found by then: no erasure of a person would reach it."""
    unknown = CheckIn.objects.filter(registration=None, event__ends_at__lt=Now() - KEPT)
    unknown.exclude(reason="", ticket_key="").update(reason="", ticket_key="")
