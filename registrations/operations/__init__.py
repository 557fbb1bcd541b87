"""The verbs. Only they write a registration's status.

Each is one transaction that locks the event's row, counts after the lock, and only then writes, so
places are never given twice and nobody overtakes the waiting list. E-mail is a row written in the
same transaction; sending it happens elsewhere. Nothing slow happens inside the lock.
"""

from registrations.operations.answer_updates import change_needs
from registrations.operations.bulk_registration import BulkRegistrationError, BulkResult, register_all
from registrations.operations.check_ins import check_in, undo_check_in
from registrations.operations.choice_limits import ChoiceFull, update_answers
from registrations.operations.details import (
    change_address,
    change_details,
    confirm_new_address,
    correct_details,
    resend_link,
)
from registrations.operations.event_copy import build_event_copy, copy_event
from registrations.operations.locking import (
    AlreadyRegistered,
    Busy,
    EventFull,
    OperationError,
    RegistrationClosed,
    busy_on_lock_timeout,
    lock_event,
)
from registrations.operations.merging import MERGE_FIELDS, merge
from registrations.operations.new_registration import RegistrationResult, generate_unused_reference, register
from registrations.operations.question_edits import (
    add_choice,
    add_question,
    add_question_template,
    change_question,
    erase_question,
    remove_choice,
    remove_question,
    restore_choice,
    restore_question,
)
from registrations.operations.status import (
    cancel,
    cancel_locked,
    confirm,
    confirm_address,
    move_to_waiting_list,
    promote_beyond_capacity,
    promote_out_of_turn,
    rejoin,
)
from registrations.operations.tags import MAX_TAGS, TaggingResult, add_tag, remove_tag
from registrations.operations.waiting_list import fill_free_places, promote_waiting_list, refresh, release_expired_holds

__all__ = [
    "MAX_TAGS",
    "MERGE_FIELDS",
    "AlreadyRegistered",
    "BulkRegistrationError",
    "BulkResult",
    "Busy",
    "ChoiceFull",
    "EventFull",
    "OperationError",
    "RegistrationClosed",
    "RegistrationResult",
    "TaggingResult",
    "add_choice",
    "add_question",
    "add_question_template",
    "add_tag",
    "build_event_copy",
    "busy_on_lock_timeout",
    "cancel",
    "cancel_locked",
    "change_address",
    "change_details",
    "change_needs",
    "change_question",
    "check_in",
    "confirm",
    "confirm_address",
    "confirm_new_address",
    "copy_event",
    "correct_details",
    "erase_question",
    "fill_free_places",
    "generate_unused_reference",
    "lock_event",
    "merge",
    "move_to_waiting_list",
    "promote_beyond_capacity",
    "promote_out_of_turn",
    "promote_waiting_list",
    "refresh",
    "register",
    "register_all",
    "rejoin",
    "release_expired_holds",
    "remove_choice",
    "remove_question",
    "remove_tag",
    "resend_link",
    "restore_choice",
    "restore_question",
    "undo_check_in",
    "update_answers",
]
