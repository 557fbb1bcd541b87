"""Signing up a whole list of people."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from conference.models import Event, Topic
from registrations import emails
from registrations.models import Registration
from registrations.operations.line import settle
from registrations.operations.lock import AlreadyRegistered, Refused, locked
from registrations.operations.sign_up import enter, unused_reference


class Imported(NamedTuple):
    """What came of a list: who was signed up, in its order, and how many were registered already."""

    registrations: list[Registration]
    doubles: int


class SomeRefused(Refused):
    """Nobody was signed up, because some could not be: their places in the list, with the reasons in `refusals`."""

    def __init__(self, refusals: dict[int, Refused]):
        super().__init__(_("Nobody was imported, because some could not be."))
        self.refusals = refusals


def register_all(event: Event, people: Iterable[tuple[Registration, Iterable[Topic]]], *, notify: bool) -> Imported:
    """Sign up everybody in `people` (unsaved registrations for `event`, with their topics), in their order, or nobody.

    Each goes the way of `register`, all under one lock, so that nobody comes in between: they take the free places
    and then the waiting list. The places are counted once, lest a long list hold the lock for long. Who is
    registered already is left out. With `notify` they are told by e-mail, after everybody else's e-mails.

    Raises SomeRefused, with all who were, or Busy.
    """
    people = list(people)
    for registration, _topics in people:
        registration.reference = unused_reference()
    registered, doubles, refusals = [], 0, {}
    with locked(event) as event:
        counted = settle(event).places
        for place, (registration, topics) in enumerate(people):
            try:
                enter(registration, event, counted, topics=topics, notify=False)
            except AlreadyRegistered:
                doubles += 1
            except Refused as refusal:
                refusals[place] = refusal
            else:
                registered.append(registration)
                counted = counted.after(registration)
        if refusals:
            raise SomeRefused(refusals)
        if notify:
            emails.queue_all_standing(registered, is_bulk=True)
    return Imported(registered, doubles)
