"""Signing up a whole list of people."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from conference.models import Event, Topic
from registrations.mail import outbox
from registrations.models import Registration
from registrations.operations.locking import AlreadyRegistered, OperationError, lock_event
from registrations.operations.new_registration import generate_unused_reference, register_locked
from registrations.operations.waiting_list import fill_free_places


class BulkResult(NamedTuple):
    """What came of a list: who was signed up, in its order, and how many were registered already."""

    registrations: list[Registration]
    duplicates: int


class BulkRegistrationError(OperationError):
    """Nobody was signed up, because some could not be: their places in the list, with the reasons in `refusals`."""

    def __init__(self, refusals: dict[int, OperationError]):
        super().__init__(_("Nobody was imported, because some could not be."))
        self.refusals = refusals


def register_all(event: Event, people: Iterable[tuple[Registration, Iterable[Topic]]], *, notify: bool) -> BulkResult:
    """Sign up everybody in `people` (unsaved registrations for `event`, with their topics), in their order, or nobody.

    Each goes the way of `register`, all under one lock, so that nobody comes in between: they take the free places
    and then the waiting list. The places are counted once, lest a long list hold the lock for long. Who is
    registered already is left out. With `notify` they are told by e-mail, after everybody else's e-mails.

    Raises SomeRefused, with all who were, or Busy.
    """
    people = list(people)
    for registration, _topics in people:
        registration.reference = generate_unused_reference()
    registered, duplicates, refusals = [], 0, {}
    with lock_event(event) as event:
        counted = fill_free_places(event).places
        for place, (registration, topics) in enumerate(people):
            try:
                register_locked(registration, event, counted, topics=topics, notify=False)
            except AlreadyRegistered:
                duplicates += 1
            except OperationError as refusal:
                refusals[place] = refusal
            else:
                registered.append(registration)
                counted = counted.after_registering(registration)
        if refusals:
            raise BulkRegistrationError(refusals)
        if notify:
            outbox.queue_status_emails(registered, is_bulk=True)
    return BulkResult(registered, duplicates)
