"""The verbs. Only they write a registration's status.

Each is one transaction that locks the event's row, counts after the lock, and only then writes, so
places are never given twice and nobody overtakes the waiting list. E-mail is a row written in the
same transaction; sending it happens elsewhere. Nothing slow happens inside the lock.
"""

from registrations.operations.attendance import check_in, undo_check_in
from registrations.operations.choices import ChoiceFull, take_answers
from registrations.operations.details import change, change_address, correct, send_link_again, take_new_address
from registrations.operations.events import copy_event, moved_event
from registrations.operations.imports import Imported, SomeRefused, register_all
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
from registrations.operations.merging import CHOSEN_FIELDS, merge
from registrations.operations.needs import change_needs
from registrations.operations.questions import (
    ask,
    ask_again,
    ask_ready_made,
    change_question,
    erase_question,
    offer,
    offer_again,
    stop_asking,
    stop_offering,
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
from registrations.operations.tags import MAX_TAGS, Tagging, add_tag, remove_tag

__all__ = [
    "CHOSEN_FIELDS",
    "MAX_TAGS",
    "AlreadyRegistered",
    "Busy",
    "ChoiceFull",
    "EventFull",
    "Imported",
    "Refused",
    "RegistrationClosed",
    "SignUp",
    "SomeRefused",
    "Tagging",
    "add_tag",
    "ask",
    "ask_again",
    "ask_ready_made",
    "busy_when_locked_out",
    "cancel",
    "change",
    "change_address",
    "change_needs",
    "change_question",
    "check_in",
    "confirm",
    "confirm_address",
    "copy_event",
    "correct",
    "erase_question",
    "give_up",
    "locked",
    "merge",
    "move_to_waiting_list",
    "moved_event",
    "offer",
    "offer_again",
    "promote",
    "promote_beyond_capacity",
    "promote_out_of_turn",
    "register",
    "register_all",
    "rejoin",
    "release_lapsed_holds",
    "remove_tag",
    "reread",
    "send_link_again",
    "settle",
    "stop_asking",
    "stop_offering",
    "take_answers",
    "take_new_address",
    "undo_check_in",
    "unused_reference",
]
