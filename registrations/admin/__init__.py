"""The organisers' admin: who registered, what was e-mailed to them, the event and its questions."""

from registrations.admin import events, log_entry_admin, mail, questions, registrations

__all__ = ["events", "log_entry_admin", "mail", "questions", "registrations"]
