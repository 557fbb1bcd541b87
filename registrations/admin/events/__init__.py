"""The event's page, and the pages that lie below it."""

from registrations.admin.events import event_admin

__all__ = ["event_admin"]
