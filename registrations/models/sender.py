"""When e-mail was last sent, and whether it may be."""

from django.db import models


class Sender(models.Model):
    """The only row: when a process last looked for e-mail, and when the next e-mail may be sent."""

    last_ran_at = models.DateTimeField(null=True)
    next_slot_at = models.DateTimeField(null=True)
    # Since when no e-mail is sent, because the database was restored from a backup; see mail/outbox.py.
    on_hold_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="sender_is_one_row")]

    def __str__(self):
        return "e-mail"
