"""Everything that changes who came, and which phones may say so."""

from attendance.operations.check_in_history import find_entry, read_history, read_people, write_checked_in_at
from attendance.operations.phone_pairing import CannotPair, create_pairing, find_pairing, pair, revoke
from attendance.operations.recording import Recorded, Verdict, record_check_ins
