"""Counters of the rate limit."""

from django.db import models


class SignUpCount(models.Model):
    """How many requests one network address has sent in one window of time.

    Only a keyed hash of the address is stored, and rows of past windows are deleted when a new one starts.
    """

    origin = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "window"], name="signup_count_once_per_window")]
