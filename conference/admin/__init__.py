"""The admin of venues, users and the accessibility statement; events are in `registrations.admin.events`."""

from conference.admin import statement, users, venues

__all__ = ["statement", "users", "venues"]
