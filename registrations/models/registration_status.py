"""The status of a registration, and what its person can do for it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegistrationStatus:
    """What follows from the fields in STATUS_FIELDS and from the event. No query if the event is known."""

    # The status and what is written together with it.
    STATUS_FIELDS = ["status", "confirmed_at", "email_confirmed_at", "hold_until", "waiting_since", "cancelled_at"]

    class Status(models.TextChoices):
        PENDING = "pending", _("to be confirmed by e-mail")
        CONFIRMED = "confirmed", _("confirmed")
        WAITLISTED = "waitlisted", _("on the waiting list")
        CANCELLED = "cancelled", _("cancelled")

        @classmethod
        def occupying_place(cls) -> list[str]:
            return [cls.PENDING, cls.CONFIRMED]

    @property
    def is_confirmed(self) -> bool:
        return self.status == self.Status.CONFIRMED

    @property
    def is_pending(self) -> bool:
        """Whether a place is held for them until they confirm their address."""
        return self.status == self.Status.PENDING

    @property
    def is_waitlisted(self) -> bool:
        return self.status == self.Status.WAITLISTED

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def has_expired_hold(self) -> bool:
        """Whether their place was released because they did not confirm their address in time."""
        return self.is_cancelled and self.hold_until is not None

    @property
    def can_attend(self) -> bool:
        """Whether they have a place at an event that is to come, or in progress."""
        return self.is_confirmed and self.event.is_coming

    @property
    def can_be_changed(self) -> bool:
        """Whether the person can still change their details."""
        return not (self.is_cancelled or self.event.is_cancelled or self.event.has_change_deadline_passed)

    @property
    def can_rejoin(self) -> bool:
        return self.is_cancelled and not (self.event.is_cancelled or self.event.has_started)

    @property
    def can_be_cancelled(self) -> bool:
        return not self.is_cancelled and self.event.is_coming
