"""Signing up."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from conference.models import Event, Topic
from registrations.availability import PlaceCounts, State, get_availability, get_availability_by_places
from registrations.mail import outbox
from registrations.models import OutgoingEmail, Registration, generate_reference
from registrations.operations.choice_limits import drop_answers_to_deleted_questions, refuse_full_choices
from registrations.operations.locking import AlreadyRegistered, EventFull, RegistrationClosed, lock_event
from registrations.operations.waiting_list import (
    fill_free_places,
    find_live_registration,
    mark_confirmed_or_pending,
    mark_waitlisted,
)

Kind = OutgoingEmail.Kind

# A second sign-up within this time does not send the owner another copy of the same message.
NOTICE_INTERVAL = timedelta(minutes=10)


class RegistrationResult(NamedTuple):
    """What came of a sign-up: the person's registration, and whether a newcomer gets a place now.

    `has_place` is the same for a known address and for a new one, so that nobody learns who is registered.
    """

    registration: Registration
    has_place: bool


def register(
    registration: Registration, *, topics: Iterable[Topic] = (), beyond_capacity: bool = False, notify: bool = True
) -> RegistrationResult:
    """Store a new `registration` (unsaved, filled in) with a place or on the waiting list, and queue its e-mail.

    Where the event wants addresses confirmed, the place is only held until the person does that.
    Online, the event must be accepting sign-ups, and an address that is registered already keeps its
    first registration untouched: its owner is e-mailed instead. By hand or by import the times do not
    matter, a known address raises AlreadyRegistered, and `beyond_capacity` gives a place even when none is free.
    Without `notify` the new registration's e-mail is left to the caller.

    Raises RegistrationClosed, ChoiceFull, EventFull (full, and no waiting list), AlreadyRegistered or Busy.
    """
    registration.reference = generate_unused_reference()
    with lock_event(registration.event) as event:
        places = fill_free_places(event).places
        return register_locked(
            registration, event, places, topics=topics, beyond_capacity=beyond_capacity, notify=notify
        )


def register_locked(
    registration: Registration,
    event: Event,
    counted: PlaceCounts,
    *,
    topics: Iterable[Topic],
    beyond_capacity: bool = False,
    notify: bool,
) -> RegistrationResult:
    """What `register` does under the lock. For callers who hold it, have settled the places and `counted` them.

    Nothing is written before it is sure that nothing is refused.
    """
    online = registration.source == Registration.Source.ONLINE
    offered = get_availability(event, counted) if online else get_availability_by_places(event, counted)
    if online and not (event.is_published and offered.accepts_sign_ups):
        raise RegistrationClosed(offered)
    has_place = beyond_capacity or offered.state == State.OPEN

    known = find_live_registration(event, registration.email)
    if known and not online:
        raise AlreadyRegistered(known)
    # For a known and a new address alike, so that it tells nothing.
    registration.answers = drop_answers_to_deleted_questions(event, registration.answers)
    refuse_full_choices(event, registration.answers)
    if known:
        send_duplicate_notice(known)
        return RegistrationResult(known, has_place)
    if not has_place and not event.waiting_list_enabled:
        raise EventFull

    registration.created_at = timezone.now()
    if has_place:
        mark_confirmed_or_pending(registration, event)
    else:
        mark_waitlisted(registration)
    registration.save()
    link = Registration.topics.through
    link.objects.bulk_create(link(registration=registration, topic=topic) for topic in topics)
    if notify:
        outbox.queue_status_email(registration)
    return RegistrationResult(registration, has_place)


def send_duplicate_notice(registration: Registration) -> None:
    """Tell the owner of a known address that somebody signed up with it again, but not over and over.

    Who has not confirmed yet gets the link to do that once more.
    """
    kind, enough = (Kind.CONFIRM, 2) if registration.is_pending else (Kind.ALREADY_REGISTERED, 1)
    recently = timezone.now() - NOTICE_INTERVAL
    if registration.emails.filter(kind=kind, created_at__gt=recently).count() < enough:
        outbox.queue(registration, kind)


def generate_unused_reference() -> str:
    while Registration.objects.filter(reference=(reference := generate_reference())).exists():
        pass
    return reference
