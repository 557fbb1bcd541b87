"""Comparing the counts that triggers keep with the registrations themselves, and correcting them."""

import logging
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Count, F, Func, Q, Subquery
from django.utils import timezone

from conference.models import Event
from registrations.models import Choice, ChoiceCount, EventCounts, Registration
from registrations.operations.locking import lock_event

logger = logging.getLogger(__name__)


class WrongCount(NamedTuple):
    """A count that differs from the registrations; `row` and `field` say where it is stored."""

    event: Event
    row: EventCounts | ChoiceCount
    field: str
    stored: int
    actual: int

    def __str__(self):
        what = f"choice {self.row.pk}" if isinstance(self.row, ChoiceCount) else self.field
        return f"{self.event.slug}: {what} is {self.stored} and should be {self.actual}"


def find_wrong_counts(events=None) -> list[WrongCount]:
    """Compare the counts of these events, or of all, with what is counted. Needs no lock.

    Each statement reads a count and what it counts as they were at one moment, between two changes.
    """
    events = Event.objects.all() if events is None else events
    return [*compare_statuses(events), *compare_choices(events)]


def compare_statuses(events) -> Iterator[WrongCount]:
    actual = {
        f"actual_{status}": Count("event__registrations", filter=Q(event__registrations__status=status))
        for status in Registration.Status
    }
    for row in EventCounts.objects.filter(event__in=events).select_related("event").annotate(**actual):
        for status in Registration.Status:
            stored, counted = getattr(row, status), getattr(row, f"actual_{status}")
            if stored != counted:
                yield WrongCount(row.event, row, status.value, stored, counted)


def compare_choices(events) -> Iterator[WrongCount]:
    limited = Choice.objects.filter(question__event__in=events, limit__isnull=False).select_related("question__event")
    for choice in limited:
        event = choice.question.event
        (row,) = ChoiceCount.objects.filter(choice=choice).annotate(actual=count_choosers(choice))
        if row.number != row.actual:
            yield WrongCount(event, row, "number", row.number, row.actual)


def count_choosers(choice: Choice) -> Subquery:
    """Return the query for how many people have chosen it; with literals, or PostgreSQL would not use its index."""
    # Both forms, because the question may have been changed between “one of a list” and “several of a list”.
    key = choice.question.key
    chosen = Q(answers__contains={key: choice.key}) | Q(answers__contains={key: [choice.key]})
    people = Registration.objects.live().filter(chosen, event=choice.question.event_id).order_by()
    return Subquery(people.annotate(number=Func(F("pk"), function="COUNT")).values("number"))


def correct_counts() -> list[WrongCount]:
    """Correct the counts that are wrong, log them, note when, and return them. Raises Busy."""
    corrected = []
    for event in {wrong.event for wrong in find_wrong_counts()}:
        with lock_event(event):  # nobody else changes counts until the end
            for wrong in find_wrong_counts(Event.objects.filter(pk=event.pk)):
                type(wrong.row).objects.filter(pk=wrong.row.pk).update(**{wrong.field: wrong.actual})
                logger.error("A count of registrations was wrong and has been corrected: %s", wrong)
                corrected.append(wrong)
            EventCounts.objects.filter(event=event).update(corrected_at=timezone.now())
    return corrected
