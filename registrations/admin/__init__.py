"""The organisers' admin: who registered, what was e-mailed to them, the event and its questions."""

from registrations.admin import log_entry_admin, registrations
from registrations.admin.events import event_admin
from registrations.admin.jobs import bulk_job_admin
from registrations.admin.mail import mailing_admin, outbox_admin
from registrations.admin.questions import question_admin
