"""The counts of the rate limits."""

from django.db import models
from django.db.models.functions import Now


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
