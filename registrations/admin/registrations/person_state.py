"""How one person stands, at one look: on the list or not, what is known, and what could be done about the place."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registrations import audit
from registrations.availability import PlaceCounts, count_places
from registrations.models import EventCounts, OutgoingEmail, Registration
from registrations.operations import OperationError
from registrations.operations.status import find_conflict

Status = Registration.Status

# The most people ahead on the waiting list that a page names.
MAX_AHEAD = 3


class Standing(NamedTuple):
    """Whether somebody is on the list: a sign, and the same in words."""

    sign: str
    text: str


@dataclass
class PersonState:
    """What the page of a person says and offers. What needs a query is asked for once, and only if it is shown."""

    registration: Registration

    @cached_property
    def stored_counts(self) -> EventCounts:
        return EventCounts.objects.get(event=self.registration.event)

    @cached_property
    def counts(self) -> PlaceCounts:
        return count_places(self.registration.event, stored=self.stored_counts)

    @property
    def taken(self) -> int:
        return self.stored_counts.confirmed + self.stored_counts.pending - self.counts.expired

    @property
    def occupies_place(self) -> bool:
        return self.registration.status in Status.occupying_place()

    @cached_property
    def position(self) -> int | None:
        return self.registration.waiting_list_position

    @cached_property
    def ahead(self) -> list[Registration]:
        """The first people on the waiting list who have waited longer."""
        people = self.registration.event.registrations.on_waiting_list()
        before = self.position - 1 if self.position else MAX_AHEAD
        return list(people[: min(before, MAX_AHEAD)])

    @cached_property
    def conflict(self) -> OperationError | None:
        """Why a cancelled registration cannot come back, if another one of this person is in its way."""
        one = self.registration
        return find_conflict(one, one.event) if one.is_cancelled and not one.erased_at else None

    @cached_property
    def is_settled(self) -> bool:
        """Whether nothing about the place can be changed any more."""
        return bool(self.registration.erased_at or self.registration.event.is_cancelled or self.conflict)

    @cached_property
    def giving(self) -> str:
        """The name of the bulk action that gives the person a place now; empty if there is none, or no need."""
        one, event = self.registration, self.registration.event
        if self.is_settled or one.is_confirmed:
            return ""
        is_available = self.counts.free != 0
        is_next = is_available and not (self.counts.waiting and event.promotes_automatically)
        if one.is_pending or is_next:
            return "confirm"
        if one.is_cancelled:
            return ""
        return "promote_out_of_turn" if is_available else "promote_beyond_capacity"

    @cached_property
    def is_released_place_given(self) -> bool:
        """Whether the person's place would go to somebody else if they gave it up now."""
        event = self.registration.event
        is_promoting = event.promotes_automatically and not event.has_started and not event.is_cancelled
        is_free_then = event.capacity is None or self.taken - self.occupies_place < event.capacity
        return is_promoting and is_free_then and self.occupies_place and self.counts.waiting > 0

    @cached_property
    def can_wait(self) -> bool:
        """Whether somebody could be moved to the end of the waiting list, and would not get the place straight back."""
        one, event = self.registration, self.registration.event
        if self.is_settled or one.is_waitlisted:
            return False
        if event.has_started or not event.promotes_automatically:
            return True
        is_limited = event.capacity is not None
        return is_limited and event.capacity - self.taken + self.occupies_place <= self.counts.waiting

    @property
    def standing(self) -> Standing:
        one = self.registration
        times = {name: audit.format_value(one, name, getattr(one, name)) for name in ("hold_until", "cancelled_at")}
        if one.erased_at:
            return Standing("✗", _("The personal data was erased. Only what the figures need is left."))
        if one.is_confirmed:
            return Standing("✓", _("On the list, with a place."))
        if one.is_pending:
            text = _("On the list: a place is held until %(hold_until)s, if the person confirms the e-mail address.")
            return Standing("…", text % times)
        if one.is_waitlisted:
            text = _("On the waiting list, without a place: number %(position)d of %(waiting)d.")
            return Standing("…", text % {"position": self.position, "waiting": self.counts.waiting})
        text = _("Not on the list: the registration was cancelled at %(cancelled_at)s.")
        if one.has_expired_hold:
            text = _("Not on the list: the place was held until %(hold_until)s, and nobody confirmed it.")
        return Standing("✗", text % times)

    def list_dates(self) -> list[tuple[str, str]]:
        """Return what happened when, without what did not."""
        one = self.registration
        names = ["source", "created_at", "consented_at", "email_confirmed_at", "hold_until", "confirmed_at"]
        names += ["waiting_since", "cancelled_at", "checked_in_at", "erased_at"]
        values = {name: audit.format_value(one, name, getattr(one, name)) for name in names}
        values["source"] = one.get_source_display()
        label = one._meta.get_field
        return [(capfirst(label(name).verbose_name), value) for name, value in values.items() if value]

    def find_last_email(self, user) -> OutgoingEmail | None:
        """Return the latest e-mail to the person, if the user may see e-mails."""
        if not user.has_perm("registrations.view_outgoingemail"):
            return None
        return self.registration.emails.visible_to(user).order_by("-created_at", "-pk").first()
