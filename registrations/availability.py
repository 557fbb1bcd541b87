"""Whether a newcomer can register for an event now, and what they would get."""

from dataclasses import dataclass
from enum import StrEnum

from conference.models import Event


class State(StrEnum):
    NOT_YET_OPEN = "not_yet_open"
    OPEN = "open"
    WAITING_LIST = "waiting_list"
    FULL = "full"
    CLOSED = "closed"
    OVER = "over"


@dataclass(frozen=True)
class Availability:
    """What a newcomer would get. `places_left` is None where there is no limit."""

    state: State
    places_left: int | None = None

    @property
    def accepts_sign_ups(self) -> bool:
        return self.state in (State.OPEN, State.WAITING_LIST)

    def is_scarce(self, capacity: int | None) -> bool:
        """Whether fewer than a fifth of the places are left, so that the number is worth telling."""
        return self.state == State.OPEN and capacity is not None and self.places_left * 5 < capacity


def free_places(event: Event) -> int | None:
    """Places that nobody holds; 0 when more are held than there are, None when there is no limit.

    Decide on it only while holding the event's lock.
    """
    if event.capacity is None:
        return None
    return max(0, event.capacity - event.registrations.holding_a_place().count())


def offer(event: Event) -> Availability:
    """What the places and the line allow a newcomer now, whatever the dates say.

    A place is on offer only when nobody waits. Decide on it only while holding the event's lock.
    """
    places = free_places(event)
    if places != 0 and not event.registrations.on_waiting_list().exists():
        return Availability(State.OPEN, places)
    return Availability(State.WAITING_LIST if event.waiting_list_enabled else State.FULL)


def availability(event: Event) -> Availability:
    """What a newcomer to `event` would get now."""
    if event.has_ended:
        return Availability(State.OVER)
    if event.registration_has_closed:
        return Availability(State.CLOSED)
    if not event.registration_has_opened:
        return Availability(State.NOT_YET_OPEN)
    return offer(event)
