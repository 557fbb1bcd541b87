"""The counts of the rate limit."""

from django.db import models


class SignUpCount(models.Model):
    """How many requests a network address, stored as a keyed hash, has sent in the current window of time."""

    origin = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "window"], name="signup_count_once_per_window")]
