"""Registering a whole list of people."""

from collections.abc import Iterable
from typing import NamedTuple

from conference.models import Event, Topic
from registrations.mail import outbox
from registrations.models import Registration
from registrations.operations.exceptions import AlreadyRegistered, BulkRegistrationError, OperationError
from registrations.operations.locking import lock_event
from registrations.operations.new_registration import generate_unused_reference, register_locked
from registrations.operations.waiting_list import fill_free_places


class BulkResult(NamedTuple):
    """The new registrations, in the order of the list, and how many people were already registered."""

    registrations: list[Registration]
    duplicates: int


def register_all(event: Event, people: Iterable[tuple[Registration, Iterable[Topic]]], *, notify: bool) -> BulkResult:
    """Register all `people` (unsaved registrations for `event`, with their topics) in their order, or nobody.

    The rules are those of `register`. All happens under one lock, so that nobody else comes in between, and the
    places are counted once, so that it is short. People who are already registered are left out. With `notify`,
    everybody gets an e-mail, sent after all others. Raises BulkRegistrationError with all refusals, or Busy.
    """
    people = list(people)
    for registration, _topics in people:
        registration.reference = generate_unused_reference()
    registered, duplicates, refusals = [], 0, {}
    with lock_event(event) as event:
        counts = fill_free_places(event).places
        for position, (registration, topics) in enumerate(people):
            try:
                register_locked(registration, event, counts, topics, notify=False)
            except AlreadyRegistered:
                duplicates += 1
            except OperationError as refusal:
                refusals[position] = refusal
            else:
                registered.append(registration)
                counts = counts.after_registering(registration)
        if refusals:
            raise BulkRegistrationError(refusals)
        if notify:
            outbox.queue_status_emails(registered, is_bulk=True)
    return BulkResult(registered, duplicates)
