"""State that all processes share: of those that send e-mail, and of the rate limit."""

from django.db import models


class Sender(models.Model):
    """The only row: when a process last looked for e-mail, and when the next e-mail may be sent."""

    last_ran_at = models.DateTimeField(null=True)
    next_slot_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="sender_is_one_row")]


class SignUpCount(models.Model):
    """How many requests a network address, stored as a keyed hash, has sent in the current window of time."""

    origin = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "window"], name="signup_count_once_per_window")]
