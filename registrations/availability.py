"""Places of events and limits of choices: what is free, and what a newcomer would get now."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.db.models import F, Q
from django.utils import timezone

from conference.models import Event
from registrations.models import Choice, EventCounts, Registration


class State(StrEnum):
    NOT_YET_OPEN = "not_yet_open"
    OPEN = "open"
    WAITING_LIST = "waiting_list"
    FULL = "full"
    CLOSED = "closed"
    OVER = "over"
    CANCELLED = "cancelled"


class Availability(NamedTuple):
    """What a newcomer would get. `places_left` is None if the event has no limit."""

    state: State
    places_left: int | None = None

    @property
    def accepts_registrations(self) -> bool:
        return self.state in (State.OPEN, State.WAITING_LIST)

    def is_scarce(self, capacity: int | None) -> bool:
        """Whether fewer than a fifth of the places are left, which people should know.

        Nobody is told the number: it would tell whether an address that somebody enters was registered already.
        """
        return self.state == State.OPEN and capacity is not None and self.places_left * 5 < capacity


class PlaceCounts(NamedTuple):
    """The number of free places (None if the event has no limit), and of people on the waiting list.

    `expired` is the number of held places that were not confirmed in time; they count as free.
    """

    free: int | None
    waiting: int
    expired: int = 0

    def after_registering(self, registration: Registration) -> "PlaceCounts":
        """Return the counts after this newcomer has registered, without a query."""
        if registration.is_waitlisted:
            return self._replace(waiting=self.waiting + 1)
        return self._replace(free=self.free and self.free - 1)


def count_places(event: Event, now: datetime | None = None, stored: EventCounts | None = None) -> PlaceCounts:
    """Return the places and waiting people at `now` (UTC). An overbooked event has 0 free places.

    One query, and one more while places are held for people who have not confirmed their address; the first is left out
    if `stored` counts have just been read. Decisions based on it require the event's lock.
    """
    stored = stored or EventCounts.objects.get(event=event)
    expired = event.registrations.with_expired_hold(now or timezone.now()).count() if stored.pending else 0
    taken = stored.confirmed + stored.pending - expired
    return PlaceCounts(None if event.capacity is None else max(0, event.capacity - taken), stored.waitlisted, expired)


def would_wait(event: Event, *, taken: int, waiting: int) -> bool:
    """Whether somebody who is added while so many places are taken, and so many people wait, would wait too."""
    return event.capacity is not None and (taken >= event.capacity or waiting > 0)


def get_availability_by_places(event: Event, counts: PlaceCounts) -> Availability:
    """Return what a newcomer gets, whatever the dates are: a place only if nobody is waiting for one."""
    if counts.free != 0 and not counts.waiting:
        return Availability(State.OPEN, counts.free)
    return Availability(State.WAITING_LIST if event.waiting_list_enabled else State.FULL)


def count_places_for_newcomers(event: Event, counts: PlaceCounts) -> int | None:
    """Return how many newcomers would get a place now; None if there is no limit.

    Where the waiting list is promoted automatically, the people on it come first.
    """
    free, waiting = counts.free, counts.waiting
    if waiting and event.promotes_automatically and not event.has_started:
        promoted = waiting if free is None else min(free, waiting)
        free, waiting = free and free - promoted, waiting - promoted
    return 0 if waiting else free


def get_availability(event: Event, counts: PlaceCounts | None = None) -> Availability:
    """Return what a newcomer would get now. Counts the places if the dates allow registrations and `counts` is None."""
    if event.is_cancelled:
        return Availability(State.CANCELLED)
    if event.has_ended:
        return Availability(State.OVER)
    if event.has_registration_closed:
        return Availability(State.CLOSED)
    if not event.has_registration_opened:
        return Availability(State.NOT_YET_OPEN)
    return get_availability_by_places(event, counts or count_places(event))


def get_full_choices(event: Event, among: Q | None = None) -> list[Choice]:
    """Return the choices (`among` can restrict them) that as many people have chosen as their limit allows.

    Everybody counts who is not cancelled. One query; the questions are loaded too. Decisions based on it require the
    event's lock.
    """
    offered = Choice.objects.filter(question__event=event, question__removed_at=None, removed_at=None)
    full = offered.filter(among or Q(), count__number__gte=F("limit")).select_related("question")
    return list(full.order_by("question__position", "question", "position", "pk"))


def get_full_choice_keys(event: Event) -> dict[str, set[str]]:
    """Return the keys of the full choices by the keys of their questions."""
    full: dict[str, set[str]] = {}
    for choice in get_full_choices(event):
        full.setdefault(choice.question.key, set()).add(choice.key)
    return full
