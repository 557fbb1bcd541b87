"""Comparing the counts that triggers keep with the registrations themselves, and correcting them."""

import logging
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from conference.models import Event
from registrations.models import Choice, ChoiceCount, EventCounts, Registration
from registrations.operations.locking import lock_event

logger = logging.getLogger(__name__)


class WrongCount(NamedTuple):
    """A count that differs from the registrations, of a `choice` or of the event; `stored` is None if it is missing."""

    event: Event
    choice: Choice | None
    name: str
    stored: int | None
    actual: int

    def __str__(self):
        return f"{self.event.slug}: {self.name} is {self.stored} and should be {self.actual}"

    def correct(self) -> None:
        """Store what is right. Requires the lock."""
        if self.choice:
            ChoiceCount.objects.update_or_create(choice=self.choice, defaults={"number": self.actual})
        else:
            EventCounts.objects.filter(event=self.event).update(**{self.name: self.actual})


def find_wrong_counts(events: QuerySet[Event] | None = None) -> list[WrongCount]:
    """Compare the counts of these events, or of all, with what is counted. Needs no lock.

    Each statement reads a count and what it counts as they were at one moment, between two changes.
    """
    events = Event.objects.all() if events is None else events
    return [*compare_statuses(events), *compare_choices(events)]


def correct_counts() -> list[WrongCount]:
    """Correct the counts that are wrong, log them, note when, and return them. Raises Busy."""
    corrected = []
    for event in {wrong.event for wrong in find_wrong_counts()}:
        EventCounts.objects.get_or_create(event=event)
        with lock_event(event):  # nobody else changes counts until the end
            for wrong in find_wrong_counts(Event.objects.filter(pk=event.pk)):
                wrong.correct()
                logger.error("A count of registrations was wrong and has been corrected: %s", wrong)
                corrected.append(wrong)
            EventCounts.objects.filter(event=event).update(corrected_at=timezone.now())
    return corrected


def compare_statuses(events: QuerySet[Event]) -> Iterator[WrongCount]:
    statuses = Registration.Status.values
    actual = {f"actual_{one}": Count("registrations", filter=Q(registrations__status=one)) for one in statuses}
    line = Registration.objects.on_waiting_list().filter(event=OuterRef("pk"))
    last = Coalesce(Subquery(line.reverse().values("waiting_number")[:1]), 0)
    for event in events.select_related("counts").only("slug", "counts").annotate(**actual, last_number=last):
        counts = getattr(event, "counts", None)
        for name in statuses:
            stored, counted = getattr(counts, name, None), getattr(event, f"actual_{name}")
            if stored != counted:
                yield WrongCount(event, None, name, stored, counted)
        if counts and counts.last_waiting_number < event.last_number:
            yield WrongCount(event, None, "last_waiting_number", counts.last_waiting_number, event.last_number)


def compare_choices(events: QuerySet[Event]) -> Iterator[WrongCount]:
    choices = Choice.objects.filter(question__event__in=events, limit__isnull=False)
    for choice in choices.select_related("question__event"):
        with_actual = Choice.objects.filter(pk=choice.pk).annotate(actual=count_choosers(choice))
        stored, actual = with_actual.values_list("count__number", "actual").get()
        if stored != actual:
            yield WrongCount(choice.question.event, choice, f"choice {choice.pk}", stored, actual)


def count_choosers(choice: Choice) -> Subquery:
    """Return the query for how many people have chosen it; with literals, or PostgreSQL would not use its index."""
    # Both forms, because the question may have been changed between “one of a list” and “several of a list”.
    key = choice.question.key
    chosen = Q(answers__contains={key: choice.key}) | Q(answers__contains={key: [choice.key]})
    people = Registration.objects.live().filter(chosen, event=choice.question.event_id).order_by()
    return Subquery(people.annotate(number=Func(F("pk"), function="COUNT")).values("number"))
