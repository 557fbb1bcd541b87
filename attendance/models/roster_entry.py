"""Who is on the lists that phones keep, and what has changed since a phone last asked."""

from django.db import models
from django.db.models import Func, Q

from conference.models import Event
from registrations.models import Registration


class TransactionNumber(Func):
    """The number of the transaction that writes a row.

    Transactions get theirs in the order in which they begin to write, and are seen in the order in which they end:
    `pg_snapshot_xmin` tells below which number all have ended.
    """

    template = "pg_current_xact_id()::text::bigint"
    arity = 0
    output_field = models.BigIntegerField()


class RosterEntry(models.Model):
    """A registration for the lists of phones, kept by triggers on registrations; those that are erased are on none.

    `changed_in` is the transaction that last changed what a phone keeps about the person.
    """

    registration = models.OneToOneField(
        Registration, on_delete=models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    changed_in = models.BigIntegerField()
    is_erased = models.BooleanField(default=False, db_default=False)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["event", "changed_in"], name="roster_entry_changes"),
            models.Index(fields=["event"], name="roster_entry_erased", condition=Q(is_erased=True)),
        ]

    def __str__(self):
        return str(self.registration_id)
