"""Registering one person, or a whole list."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

from django.db import IntegrityError, connection
from django.db.models import Value
from django.db.models.functions import Now
from django.utils import timezone

from conference.models import Event, Topic
from registrations.availability import PlaceCounts, State, get_availability, get_availability_by_places
from registrations.mail import outbox
from registrations.mail.repeated_sign_ups import find_differences
from registrations.mail.staleness import STATUS_KINDS
from registrations.models import OutgoingEmail, Registration, generate_reference
from registrations.models.registration import generate_unused_reference
from registrations.operations.answer_updates import drop_answers_to_deleted_questions, refuse_full_choices
from registrations.operations.bursts import join_burst
from registrations.operations.exceptions import (
    AlreadyRegistered,
    BulkRegistrationError,
    EventFull,
    OperationError,
    RegistrationClosed,
)
from registrations.operations.locking import lock_coming_event
from registrations.operations.status import find_conflict
from registrations.operations.waiting_list import fill_free_places, give_place, write_status
from registrations.search import PersonKey

# If the same address registers again within this time, its owner does not get another copy of the same message.
NOTICE_INTERVAL = timedelta(minutes=10)
# Who is added twice by hand within this time, without an address, is the same person.
SECOND_CLICK = timedelta(minutes=1)
REFERENCE_CONSTRAINT = "registrations_registration_reference_key"
# Everybody waits for it under the lock: building the query takes longer than running it.
ADD_TOPICS = "INSERT INTO registrations_registration_topics (registration_id, topic_id) SELECT %s, unnest(%s)"


class RegistrationResult(NamedTuple):
    """The person's registration, and whether a newcomer gets a place now, which does not reveal who is registered."""

    registration: Registration
    has_place: bool


class BulkResult(NamedTuple):
    """The new registrations, in the order of the list, and how many people were already registered."""

    registrations: list[Registration]
    duplicates: int


def register(
    registration: Registration,
    *,
    topics: Iterable[Topic] = (),
    beyond_capacity: bool = False,
    is_in_burst: bool = False,
    notify: bool = True,
) -> RegistrationResult:
    """Save a new `registration` (unsaved, filled in) with a place or on the waiting list, and queue its e-mail.

    Online, the event must accept registrations, and the first registration of a known person (of a known address, if
    the event takes one for each) stays as it is: its owner gets an e-mail instead; `is_in_burst` holds the place until
    the address is confirmed. By hand and by import, the dates do not matter, a known person raises AlreadyRegistered,
    and `beyond_capacity` gives a place even if none is free. Raises RegistrationClosed, ChoiceFull, EventFull (full and
    no waiting list), AlreadyRegistered or Busy.
    """
    while True:
        registration.reference = generate_reference()
        with retry_if_reference_is_in_use():
            return register_once(registration, topics, beyond_capacity, is_in_burst, notify=notify)


def register_once(
    registration: Registration, topics: Iterable[Topic], beyond_capacity: bool, is_in_burst: bool, *, notify: bool
) -> RegistrationResult:
    with lock_coming_event(registration.event) as event:
        _promoted, counts = fill_free_places(event, event.counts)
        result = register_locked(registration, event, counts, topics, beyond_capacity, is_in_burst)
        if notify and result.registration is registration:
            outbox.queue_status_email(registration)
    return result


@contextmanager
def retry_if_reference_is_in_use() -> Iterator[None]:
    """Suppress the error of a reference that is in use, which is so rare that nobody looks before."""
    try:
        yield
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != REFERENCE_CONSTRAINT:
            raise


def register_all(event: Event, people: Iterable[tuple[Registration, Iterable[Topic]]], *, notify: bool) -> BulkResult:
    """Register all `people` (unsaved registrations for `event`, with their topics) in their order, or nobody.

    The rules are those of `register`; nobody else comes in between. The places are counted once, so that the lock is
    short. Who is already registered is left out. Raises BulkRegistrationError with all refusals, or Busy.
    """
    people = list(people)
    for registration, _topics in people:
        registration.reference = generate_unused_reference()
    registered, duplicates, refusals = [], 0, {}
    with lock_coming_event(event) as event:
        _promoted, counts = fill_free_places(event, event.counts)
        for position, (registration, topics) in enumerate(people):
            try:
                register_locked(registration, event, counts, topics)
            except OperationError as refusal:
                if type(refusal) is AlreadyRegistered:
                    duplicates += 1
                else:
                    refusals[position] = refusal
            else:
                registered.append(registration)
                counts = counts.after_registering(registration)
        if refusals:
            raise BulkRegistrationError(refusals)
        if notify:
            outbox.queue_status_emails(registered, is_bulk=True)
    return BulkResult(registered, duplicates)


def register_locked(
    registration: Registration,
    event: Event,
    counts: PlaceCounts,
    topics: Iterable,
    beyond_capacity: bool = False,
    is_in_burst: bool = False,
) -> RegistrationResult:
    # Nothing is written before every check has passed.
    is_online = registration.source == Registration.Source.ONLINE
    availability = get_availability(event, counts) if is_online else get_availability_by_places(event, counts)
    if is_online and not (event.is_published and availability.accepts_registrations):
        raise RegistrationClosed(availability)
    has_place = availability.state == State.OPEN or beyond_capacity
    conflict = find_conflict(registration, event)
    if not conflict and (just_added := find_just_added(registration)):
        conflict = AlreadyRegistered(just_added)
    if conflict and not is_online:
        raise conflict
    # The same for a known and a new person, so that it does not reveal who is registered.
    registration.answers = drop_answers_to_deleted_questions(event, registration.answers)
    refuse_full_choices(event, registration.answers, {})
    if conflict:
        send_duplicate_notice(conflict.registration, registration, topics)
        return RegistrationResult(conflict.registration, has_place)
    if not has_place and not event.waiting_list_enabled:
        raise EventFull
    registration.created_at = timezone.now()
    if is_in_burst:
        join_burst(registration)
    if has_place:
        give_place(registration, event)
    else:
        write_status(registration, Registration.Status.WAITLISTED)
    registration.save()
    add_topics(registration, topics)
    return RegistrationResult(registration, has_place)


def add_topics(registration: Registration, topics: Iterable[Topic]) -> None:
    """Add what a new registration chose, which has none yet: `topics.set` would look for those first."""
    if chosen := [topic.pk for topic in topics]:
        with connection.cursor() as cursor:
            cursor.execute(ADD_TOPICS, [registration.pk, chosen])


def find_just_added(registration: Registration) -> Registration | None:
    """Find who was added moments ago with the same name, if both have no address, as with a second click.

    Of people without an address nobody knows whether they are the same.
    """
    if registration.email:
        return None
    recent = registration.event.registrations.live().without_email()
    person_key = PersonKey(Value(registration.first_name), Value(registration.last_name))
    return recent.filter(person_key=person_key, created_at__gt=timezone.now() - SECOND_CLICK).first()


def send_duplicate_notice(registration: Registration, again: Registration, topics: Iterable[Topic]) -> None:
    """Tell the owner of a registration that somebody registered them `again`, and with what, but not over and over.

    Who sends the same once more within moments, as with a second click, has been told already.
    """
    kinds = OutgoingEmail.Kind
    entered = find_differences(registration, again, topics)
    # People who have not confirmed their address yet get the link for that once more.
    kind = kinds.CONFIRM if registration.is_pending else kinds.ALREADY_REGISTERED
    most = 2 if registration.is_pending and entered else 1
    telling = [kind] if entered else [kind, *STATUS_KINDS.values()]
    recent = registration.emails.filter(kind__in=telling, created_at__gt=Now() - NOTICE_INTERVAL)
    if recent.count() < most:
        outbox.queue(registration, kind, entered=entered or None)
