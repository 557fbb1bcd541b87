"""Pairing phones with an event's door, and locking them out."""

import secrets
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.models import Door, DoorDevice, DoorPairing
from attendance.models.door_device import PAIRING_MINUTES, generate_token, get_expiry, hash_token
from conference.database_clock import read_database_clock
from conference.models import Event
from registrations.operations import OperationError


class CannotPair(OperationError):
    """The code is unknown, was used, or is too old; nobody is told which."""

    status_code = 410
    title = gettext_lazy("This code no longer works")

    def __init__(self):
        super().__init__(
            _("Each code pairs one phone, within ten minutes. Please ask the organisers to show you a new one.")
        )


def create_pairing(event: Event, door: Door | None, by: User | None) -> str:
    """Return a new code, which pairs one phone within PAIRING_MINUTES."""
    code = secrets.token_urlsafe(16)
    DoorPairing.objects.create(event=event, door=door, created_by=by, code_hash=hash_token(code))
    return code


def find_pairing(code: str) -> DoorPairing:
    """Return what the code pairs with. Raises CannotPair."""
    working = DoorPairing.objects.filter(
        device=None, created_at__gt=Now() - timedelta(minutes=PAIRING_MINUTES), event__is_published=True
    )
    pairing = working.select_related("event", "door").filter(code_hash=hash_token(code)).first()
    if pairing is None or get_expiry(pairing.event) <= read_database_clock():
        raise CannotPair
    return pairing


def pair(code: str, *, name: str, door: Door | None) -> tuple[DoorDevice, str]:
    """Return the phone that the code now pairs, and its token, which is not stored. Raises CannotPair."""
    with transaction.atomic():
        # The second phone waits here, and then finds the code used.
        DoorPairing.objects.select_for_update().filter(code_hash=hash_token(code)).first()
        pairing, token = find_pairing(code), generate_token()
        device = DoorDevice.objects.create(
            event=pairing.event,
            door=door,
            name=name,
            token_hash=hash_token(token),
            expires_at=get_expiry(pairing.event),
        )
        pairing.device = device
        pairing.save(update_fields=["device"])
    return device, token


def revoke(device: DoorDevice) -> bool:
    """Lock a phone out: it wipes itself when it next asks. False if it is locked out already."""
    return bool(DoorDevice.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=Now()))
