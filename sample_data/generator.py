"""Generating registrations of sample people."""

import random
from collections.abc import Iterator
from itertools import count

from django.db import transaction
from django.utils import timezone

from conference.models import Event
from registrations.models import EventCounts, Registration
from sample_data.bulk_insert import copy_rows, insert_registrations
from sample_data.sample_answers import add_answers
from sample_data.sample_people import make_people

Status = Registration.Status

BATCH_SIZE = 5_000
CANCELLED_SHARE = 0.06


@transaction.atomic
def make_registrations(event: Event, number: int, *, seed: int = 1) -> dict[str, int]:
    """Save `number` registrations of sample people without any e-mail, and return the number by status.

    The first people get the free places, the others are on the waiting list. Without a waiting list, fewer people are
    made. The same `seed` makes the same people for the same event.
    """
    rng = random.Random(seed)
    taken = set(Registration.objects.values_list("reference", flat=True))
    last = event.registrations.order_by("-pk").values_list("pk", flat=True).first() or 0
    people = assign_statuses(event, add_answers(event, make_people(event, number, rng, last, taken), rng), rng)
    topics = list(event.topics.all()) if event.is_asked("topics") else []
    link = Registration.topics.through
    counted = dict.fromkeys([Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED], 0)
    for batch in split_batches(people, BATCH_SIZE):
        insert_registrations(batch)
        chosen = (
            (registration.pk, topic.pk)
            for registration in batch
            for topic in topics
            if rng.random() < 0.9 / (1 + topic.position)
        )
        copy_rows(link, ["registration_id", "topic_id"], chosen)
        for registration in batch:
            counted[registration.status] += 1
    return {str(status): found for status, found in counted.items()}


def split_batches(rows: Iterator, size: int) -> Iterator[list]:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def assign_statuses(event: Event, people: Iterator[Registration], rng: random.Random) -> Iterator[Registration]:
    """Yield the people with a status and its times, in their order, without those who find no place."""
    free = float("inf")
    if event.capacity is not None:
        free = event.capacity - event.registrations.occupying_place().count()
    if event.registrations.on_waiting_list().exists():
        free = 0  # nobody overtakes the waiting list
    waiting_numbers = count(EventCounts.objects.get(event=event).last_waiting_number + 1)
    for registration in people:
        came = registration.created_at
        if rng.random() < CANCELLED_SHARE:
            registration.status = Status.CANCELLED
            registration.confirmed_at = came
            registration.cancelled_at = came + (timezone.now() - came) * rng.random()
        elif free > 0:
            free -= 1
            registration.status, registration.confirmed_at = Status.CONFIRMED, came
        elif event.waiting_list_enabled:
            registration.status, registration.waiting_since = Status.WAITLISTED, came
            registration.waiting_number = next(waiting_numbers)  # by the database, each would take a statement
        else:
            continue
        yield registration
