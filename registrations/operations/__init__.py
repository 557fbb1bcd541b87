"""The verbs. Only they write a registration's status.

Each is one transaction that locks the event's row, counts after the lock, and only then writes, so
places are never given twice and nobody overtakes the waiting list. E-mail is a row written in the
same transaction; sending it happens elsewhere. Nothing slow happens inside the lock.
"""

from registrations.operations.details import change, change_address, send_link_again, take_new_address
from registrations.operations.events import copy_event, moved_event
from registrations.operations.line import promote, release_lapsed_holds, reread, settle
from registrations.operations.lock import (
    AlreadyRegistered,
    Busy,
    EventFull,
    Refused,
    RegistrationClosed,
    busy_when_locked_out,
    locked,
)
from registrations.operations.sign_up import SignUp, register, unused_reference
from registrations.operations.standing import (
    cancel,
    confirm,
    confirm_address,
    give_up,
    move_to_waiting_list,
    promote_beyond_capacity,
    promote_out_of_turn,
    rejoin,
)

__all__ = [
    "AlreadyRegistered",
    "Busy",
    "EventFull",
    "Refused",
    "RegistrationClosed",
    "SignUp",
    "busy_when_locked_out",
    "cancel",
    "change",
    "change_address",
    "confirm",
    "confirm_address",
    "copy_event",
    "give_up",
    "locked",
    "move_to_waiting_list",
    "moved_event",
    "promote",
    "promote_beyond_capacity",
    "promote_out_of_turn",
    "register",
    "rejoin",
    "release_lapsed_holds",
    "reread",
    "send_link_again",
    "settle",
    "take_new_address",
    "unused_reference",
]
