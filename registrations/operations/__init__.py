"""What people and organisers do with registrations. Only operations write a registration's status.

Each one is a transaction that locks the event's row, counts after that, and only then writes. So no place is given
twice and nobody overtakes the waiting list. E-mails are queued in the same transaction and sent outside of it.
Nothing slow happens under the lock.
"""

from registrations.operations.answer_updates import change_needs, update_answers
from registrations.operations.bulk_registration import BulkResult, register_all
from registrations.operations.check_ins import check_in, undo_check_in
from registrations.operations.event_copy import build_event_copy, copy_event
from registrations.operations.exceptions import (
    AlreadyRegistered,
    BulkRegistrationError,
    Busy,
    ChoiceFull,
    EventFull,
    OperationError,
    RegistrationClosed,
)
from registrations.operations.locking import busy_on_lock_timeout, lock_event
from registrations.operations.merging import MERGE_FIELDS, merge
from registrations.operations.new_registration import RegistrationResult, generate_unused_reference, register
from registrations.operations.person_details import (
    change_address,
    change_details,
    confirm_new_address,
    correct_details,
    resend_link,
)
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
from registrations.operations.waiting_list import (
    fill_free_places,
    promote_waiting_list,
    refresh,
    release_expired_holds,
)
