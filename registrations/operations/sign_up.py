"""Signing up."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from conference.models import Event, Topic
from registrations import emails
from registrations.availability import Places, State, availability, offer
from registrations.models import OutgoingEmail, Registration, new_reference
from registrations.operations.choices import refuse_full_choices, to_questions_still_there
from registrations.operations.line import live_registration, offer_place, put_in_line, settle
from registrations.operations.lock import AlreadyRegistered, EventFull, RegistrationClosed, locked

Kind = OutgoingEmail.Kind

# A second sign-up within this time does not send the owner another copy of the same message.
REPEAT_AFTER = timedelta(minutes=10)


class SignUp(NamedTuple):
    """What came of a sign-up: the person's registration, and whether a newcomer gets a place now.

    `has_place` is the same for a known address and for a new one, so that nobody learns who is registered.
    """

    registration: Registration
    has_place: bool


def register(
    registration: Registration, *, topics: Iterable[Topic] = (), beyond_capacity: bool = False, notify: bool = True
) -> SignUp:
    """Store a new `registration` (unsaved, filled in) with a place or on the waiting list, and queue its e-mail.

    Where the event wants addresses confirmed, the place is only held until the person does that.
    Online, the event must be accepting sign-ups, and an address that is registered already keeps its
    first registration untouched: its owner is e-mailed instead. By hand or by import the times do not
    matter, a known address raises AlreadyRegistered, and `beyond_capacity` gives a place even when none is free.
    Without `notify` the new registration's e-mail is left to the caller.

    Raises RegistrationClosed, ChoiceFull, EventFull (full, and no waiting list), AlreadyRegistered or Busy.
    """
    registration.reference = unused_reference()
    with locked(registration.event) as event:
        places = settle(event).places
        return enter(registration, event, places, topics=topics, beyond_capacity=beyond_capacity, notify=notify)


def enter(
    registration: Registration,
    event: Event,
    counted: Places,
    *,
    topics: Iterable[Topic],
    beyond_capacity: bool = False,
    notify: bool,
) -> SignUp:
    """What `register` does under the lock. For callers who hold it, have settled the places and `counted` them.

    Nothing is written before it is sure that nothing is refused.
    """
    online = registration.source == Registration.Source.ONLINE
    offered = availability(event, counted) if online else offer(event, counted)
    if online and not (event.is_published and offered.accepts_sign_ups):
        raise RegistrationClosed(offered)
    has_place = beyond_capacity or offered.state == State.OPEN

    known = live_registration(event, registration.email)
    if known and not online:
        raise AlreadyRegistered(known)
    # For a known and a new address alike, so that it tells nothing.
    registration.answers = to_questions_still_there(event, registration.answers)
    refuse_full_choices(event, registration.answers)
    if known:
        remind_of_link(known)
        return SignUp(known, has_place)
    if not has_place and not event.waiting_list_enabled:
        raise EventFull

    registration.created_at = timezone.now()
    if has_place:
        offer_place(registration, event)
    else:
        put_in_line(registration)
    registration.save()
    link = Registration.topics.through
    link.objects.bulk_create(link(registration=registration, topic=topic) for topic in topics)
    if notify:
        emails.queue_standing(registration)
    return SignUp(registration, has_place)


def remind_of_link(registration: Registration) -> None:
    """Tell the owner of a known address that somebody signed up with it again, but not over and over.

    Who has not confirmed yet gets the link to do that once more.
    """
    kind, enough = (Kind.CONFIRM, 2) if registration.is_pending else (Kind.ALREADY_REGISTERED, 1)
    recently = timezone.now() - REPEAT_AFTER
    if registration.emails.filter(kind=kind, created_at__gt=recently).count() < enough:
        emails.queue(registration, kind)


def unused_reference() -> str:
    while Registration.objects.filter(reference=(reference := new_reference())).exists():
        pass
    return reference
