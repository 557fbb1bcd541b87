"""The outbox, and messages to many people at once."""

from registrations.admin.mail import mailing_admin, outbox_admin

__all__ = ["mailing_admin", "outbox_admin"]
