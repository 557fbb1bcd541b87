"""The organisers' desk: who registered, what was e-mailed to them, and the event's own questions."""

from registrations.admin import log_entry_admin
from registrations.admin.events import event_admin
from registrations.admin.mail import mailing_admin, outbox_admin
from registrations.admin.questions import question_admin
from registrations.admin.registrations import registration_admin

__all__ = ["event_admin", "log_entry_admin", "mailing_admin", "outbox_admin", "question_admin", "registration_admin"]
