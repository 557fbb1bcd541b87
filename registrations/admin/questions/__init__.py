"""The pages of an event's own questions."""

from registrations.admin.questions import question_admin

__all__ = ["question_admin"]
