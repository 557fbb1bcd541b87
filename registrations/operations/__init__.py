"""What people and organisers do with registrations. Only operations write a registration's status.

Each one is a transaction that locks the event's row, counts after that, and only then writes. So no place is given
twice and nobody overtakes the waiting list. E-mails are queued in the same transaction, and nothing in it is slow.
"""

from registrations.operations.bursts import accept_burst
from registrations.operations.count_checks import correct_counts, find_wrong_counts
from registrations.operations.event_cancellation import cancel_event, restore_event
from registrations.operations.event_copy import build_event_copy, copy_event
from registrations.operations.exceptions import (
    AddressNeeded,
    AddressTaken,
    AlreadyRegistered,
    Busy,
    ChoiceFull,
    EventCancelled,
    EventFull,
    NoAddress,
    OperationError,
)
from registrations.operations.housekeeping import forget_what_is_due
from registrations.operations.locking import busy_on_lock_timeout, lock_event, refresh
from registrations.operations.merging import MERGE_FIELDS, merge
from registrations.operations.new_registration import BulkResult, RegistrationResult, register, register_all
from registrations.operations.person_details import (
    change_details,
    confirm_new_address,
    correct_details,
    replace_link,
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
    confirm,
    confirm_address,
    move_to_waiting_list,
    promote_beyond_capacity,
    promote_out_of_turn,
    rejoin,
    set_status,
)
from registrations.operations.tags import MAX_TAGS, add_tag, remove_tag
from registrations.operations.waiting_list import (
    fill_free_places,
    prolong_holds,
    promote_waiting_list,
    release_expired_holds,
    renew_untold_holds,
)
