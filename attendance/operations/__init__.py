"""Everything that changes who came, and which phones may say so."""

from attendance.operations.by_hand import check_in, record_walk_in, undo_check_in
from attendance.operations.check_in_history import list_wrong_times
from attendance.operations.phone_pairing import CannotPair, create_pairing, find_pairing, pair, revoke
from attendance.operations.phone_retention import forget_phones, forget_unknown_tickets
from attendance.operations.recording import Recorded, Verdict, record_check_ins
from attendance.operations.rehearsal import discard_rehearsal
