"""How sending e-mail stands, for all processes that do it."""

from django.db import models


class Sender(models.Model):
    """The only row. All its times are the database's."""

    last_ran_at = models.DateTimeField(null=True)  # when a process last looked for e-mail
    last_sent_at = models.DateTimeField(null=True)  # when the mail server last took a message, or refused only that one
    next_slot_at = models.DateTimeField(null=True)  # when the next e-mail may be sent
    # Since when the mail server takes nothing, and what it answered last. Meanwhile it is asked once a minute.
    outage_since = models.DateTimeField(null=True)
    outage_error = models.TextField(blank=True, db_default="")
    # Since when no e-mail is sent, because the database was restored from a backup; see mail/outbox.py.
    on_hold_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="sender_is_one_row")]

    def __str__(self):
        return "e-mail"
