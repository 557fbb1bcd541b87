"""What the senders of e-mail know of each other."""

from django.db import models


class Sender(models.Model):
    """The one row that all senders share: when one of them last looked for e-mail, and when the next may go out."""

    ONLY = 1

    last_ran_at = models.DateTimeField(null=True)
    next_slot_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="sender_is_one_row")]
