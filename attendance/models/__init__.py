"""Entrances, the phones that are paired with them, and who went in and out."""

from attendance.models.badge import HAS_PRINTED_BADGE, Badge, BadgeRole
from attendance.models.check_in import CheckIn, CheckInQuerySet
from attendance.models.door import Door, DoorSettings
from attendance.models.door_device import DoorDevice, DoorPairing
from attendance.models.roster_entry import RosterEntry, TransactionNumber
