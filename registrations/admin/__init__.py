"""The organisers' desk: who registered, what was e-mailed to them, and the event's own questions."""

from registrations.admin import emails, events, log, mailings, questions, registrations

__all__ = ["emails", "events", "log", "mailings", "questions", "registrations"]
