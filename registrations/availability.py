"""Whether a newcomer can register for an event now, and what they would get."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Count, F, Func, Q, QuerySet, Value
from django.utils import timezone

from conference.models import Event
from registrations.models import Choice, Registration


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


class PlaceCounts(NamedTuple):
    """How many places nobody holds (None when there is no limit), and how many people wait for one.

    `lapsed` is how many held places were not confirmed in time; they count as free.
    """

    free: int | None
    waiting: int
    expired: int = 0

    def after_registering(self, registration: Registration) -> "PlaceCounts":
        """The same once this newcomer has come: on one of the places, or waiting."""
        if registration.is_waitlisted:
            return self._replace(waiting=self.waiting + 1)
        return self._replace(free=self.free and self.free - 1)


# Stands for no status: those whose hold has lapsed, among those with a held place.
EXPIRED = "lapsed"


def count_places(event: Event, now: datetime | None = None) -> PlaceCounts:
    """Count both as they are at `now` (UTC), in one query. When more places are held than there are, 0 are free.

    Decide on it only while holding the event's lock.
    """
    now = now or timezone.now()
    status, people = Registration.Status, event.registrations.order_by()
    # Apart, so that PostgreSQL reads both from indexes alone and need not open every row of the event.
    live = people.filter(status__in=[*status.occupying_place(), status.WAITLISTED])
    expired = people.with_expired_hold(now).annotate(what=Value(EXPIRED)).values_list("what")
    by_status = live.values_list("status").annotate(number=Count("pk"))
    counted = Counter(dict(by_status.union(expired.annotate(number=Count("pk")), all=True)))
    held = sum(counted[one] for one in status.occupying_place()) - counted[EXPIRED]
    free = None if event.capacity is None else max(0, event.capacity - held)
    return PlaceCounts(free, counted[status.WAITLISTED], counted[EXPIRED])


def get_availability_by_places(event: Event, counted: PlaceCounts) -> Availability:
    """What the places and the line allow a newcomer, whatever the dates say: a place only when nobody waits."""
    if counted.free != 0 and not counted.waiting:
        return Availability(State.OPEN, counted.free)
    return Availability(State.WAITING_LIST if event.waiting_list_enabled else State.FULL)


def count_places_for_newcomers(event: Event, counted: PlaceCounts) -> int | None:
    """How many newcomers, one after the other, would get a place now; None when there is no limit.

    First those who wait move up, where that goes by itself.
    """
    free, waiting = counted.free, counted.waiting
    if waiting and event.promotes_automatically and not event.has_started:
        moving = waiting if free is None else min(free, waiting)
        free, waiting = free and free - moving, waiting - moving
    return 0 if waiting else free


def get_availability(event: Event, counted: PlaceCounts | None = None) -> Availability:
    """What a newcomer to `event` would get now. Counts the places unless given them, if the dates leave it open."""
    if event.has_ended:
        return Availability(State.OVER)
    if event.has_registration_closed:
        return Availability(State.CLOSED)
    if not event.has_registration_opened:
        return Availability(State.NOT_YET_OPEN)
    return get_availability_by_places(event, counted or count_places(event))


def get_full_choices(event: Event, among: Q | None = None) -> list[Choice]:
    """The choices offered (of those `among`) that as many people chose as there are places, each with its question.

    Everybody counts who is not cancelled. One query where no choice has a limit, else two. Decide on it only while
    holding the event's lock.
    """
    offered = Choice.objects.filter(question__event=event, question__removed_at=None, removed_at=None)
    limited = offered.filter(among or Q(), limit__isnull=False).select_related("question")
    limited = list(limited.order_by("question__position", "question", "position", "pk"))
    if not limited:
        return []
    first, *others = (count_choosers(choice, event) for choice in limited)
    taken = dict(first.union(*others, all=True))
    return [choice for choice in limited if taken[choice.pk] >= choice.limit]


def get_full_choice_keys(event: Event) -> dict[str, set[str]]:
    """The keys of the choices that are full, by their question's."""
    full: dict[str, set[str]] = {}
    for choice in get_full_choices(event):
        full.setdefault(choice.question.key, set()).add(choice.key)
    return full


def count_choosers(choice: Choice, event: Event) -> QuerySet:
    """One row: the choice's number in the database, and how many have chosen it.

    The values stand in the query as they are, or PostgreSQL would not take the index on the answers for it.
    """
    key = choice.question.key
    # Either shape, lest those be forgotten who answered before the question allowed several choices, or only one.
    chosen = Q(answers__contains={key: choice.key}) | Q(answers__contains={key: [choice.key]})
    people = event.registrations.live().filter(chosen).order_by()
    return people.annotate(choice=Value(choice.pk), number=Func(F("pk"), function="COUNT")).values_list(
        "choice", "number"
    )
