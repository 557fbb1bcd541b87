"""What the rate limit counts."""

from django.db import models


class SignUpCount(models.Model):
    """How many sign-ups one network address has sent in one window of time: what the rate limit counts.

    The address is kept only as a keyed hash, and rows of past windows are deleted as new ones start.
    """

    origin = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "window"], name="signup_count_once_per_window")]
