"""What the processes that send e-mail share: how sending stands, and the actions on many people that they do."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from conference.models import Event, get_limited_access


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


class BulkJobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return all jobs; to a user who is restricted to events those about one of these, and their own about more."""
        access = get_limited_access(user)
        if access is None:
            return self
        return self.filter(Q(event__in=access.events.all()) | Q(event=None, created_by=user))

    def unfinished(self):
        return self.filter(finished_at=None)

    def list_next(self) -> list[int]:
        """Return the keys of the unfinished jobs that wait for no earlier one, which may be about the same people."""
        found, events = [], set()
        for key, event in self.unfinished().order_by("pk").values_list("pk", "event"):
            if event is None and found:
                break
            if event not in events:
                found.append(key)
                events.add(event)
            if event is None:
                break
        return found


class BulkJob(models.Model):
    """An action on many people, done in the background; see admin/jobs/. All its times are the database's.

    About the people it has nothing but the numbers of their registrations, and of the first ones for each refusal.
    """

    # Empty if the people are of several events.
    event = models.ForeignKey(Event, models.CASCADE, null=True, related_name="+", verbose_name=_("event"))
    action = models.CharField(_("action"), max_length=40)
    options = models.JSONField(default=dict)
    language = models.CharField(max_length=10)
    # Of those chosen when it was confirmed, in their order; empty when it is finished.
    keys = ArrayField(models.BigIntegerField(), default=list)
    number = models.PositiveIntegerField(_("people"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("requested"), db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    position = models.PositiveIntegerField(default=0)  # how many of the people it has come to
    done = models.PositiveIntegerField(_("done"), default=0)
    unchanged = models.PositiveIntegerField(default=0)
    # By reason: how many, and the numbers of the first registrations.
    refusals = models.JSONField(default=dict)
    stop_reason = models.TextField(default="", blank=True)
    promoted = models.PositiveIntegerField(default=0)  # from the waiting list, since it started

    objects = BulkJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("action in the background")
        verbose_name_plural = _("actions in the background")
        default_permissions = ()  # those of its actions count
        indexes = [models.Index("id", condition=Q(finished_at=None), name="bulk_job_unfinished")]

    def __str__(self):
        return f"#{self.pk}"

    def read_next_keys(self, most: int) -> list[int]:
        """Return the numbers of the next registrations, at most so many, without reading all."""
        part = f"keys__{self.position}_{self.position + most}"
        return BulkJob.objects.values_list(part, flat=True).get(pk=self.pk) or []

    def refuse(self, reason: str, keys: Sequence[int], most_named: int) -> None:
        """Note that these people were refused for this reason."""
        number, named = self.refusals.get(reason, (0, []))
        self.refusals[reason] = [number + len(keys), [*named, *keys][:most_named]]
