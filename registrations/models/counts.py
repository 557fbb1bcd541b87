"""Counts of registrations and choices, which triggers keep in the transaction of every change; counts of requests."""

from django.db import models
from django.db.models.functions import Now

from conference.models import Event
from registrations.models.question import Choice


class EventCounts(models.Model):
    """How many registrations of an event have each status, and the last number given out on its waiting list.

    Every event has a row, from the trigger on its table. Only triggers and `operations.correct_counts` write it.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, primary_key=True, related_name="counts")
    pending = models.IntegerField(db_default=0)
    confirmed = models.IntegerField(db_default=0)
    waitlisted = models.IntegerField(db_default=0)
    cancelled = models.IntegerField(db_default=0)
    last_waiting_number = models.IntegerField(db_default=0)
    # When counts of the event were last found to be wrong.
    corrected_at = models.DateTimeField(null=True)


class ChoiceCount(models.Model):
    """How many people have chosen an option with a limit; all count who are not cancelled. Others have no row."""

    choice = models.OneToOneField(Choice, on_delete=models.CASCADE, primary_key=True, related_name="count")
    number = models.IntegerField()


class RequestCountQuerySet(models.QuerySet):
    def expired(self):
        """Counts that no limit looks at any more."""
        return self.filter(expires_at__lte=Now())


class RequestCount(models.Model):
    """What the requests of one origin in one slot of time weigh, and when that no longer counts."""

    # The scope and the network address or whatever is limited, as a keyed hash.
    origin = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)
    weight = models.PositiveIntegerField()

    objects = RequestCountQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "expires_at"], name="request_count_once_per_slot")]
