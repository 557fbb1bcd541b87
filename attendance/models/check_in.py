"""What happened at the door: rows are only added, and who came is derived from them."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from attendance.models.door import Door
from attendance.models.door_device import DoorDevice
from attendance.models.roster_entry import TransactionNumber
from conference.models import Event
from registrations.models import Registration


class CheckInQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(event__in=Event.objects.visible_to(user))

    def counted(self) -> Self:
        """Those that are not for practice."""
        return self.filter(is_practice=False)

    def valid(self) -> Self:
        """Who went in or out, except what was undone."""
        same = {"event": OuterRef("event"), "is_practice": OuterRef("is_practice")}
        undone = CheckIn.objects.filter(kind=CheckIn.Kind.UNDO, undoes=OuterRef("pk"), **same)
        return self.exclude(kind=CheckIn.Kind.UNDO).exclude(Exists(undone))

    def flagged(self) -> Self:
        """Those that organisers should look at."""
        return self.exclude(verdict="").exclude(verdict=CheckIn.Verdict.WELCOME)

    def move_to(self, registration: Registration) -> None:
        """Let them be those of another registration of the same person, and phones hear of it."""
        self.update(registration=registration, recorded_in=TransactionNumber())


class CheckIn(models.Model):
    """One person going in or out at one moment, or that this is undone. The device makes the id, so twice is once."""

    class Kind(models.TextChoices):
        IN = "in", _("in")
        OUT = "out", _("out")
        UNDO = "undo", _("undone")

    class Method(models.TextChoices):
        SCAN = "scan", _("scanned")
        SEARCH = "search", _("found by name")
        BY_HAND = "by_hand", _("by hand")
        WALK_IN = "walk_in", _("not registered before")

    class Verdict(models.TextChoices):
        """What the registration was when this arrived."""

        WELCOME = "welcome", _("had a place")
        AGAIN = "again", _("was in already")
        WAITLISTED = "waitlisted", _("on the waiting list")
        CANCELLED = "cancelled", _("cancelled")
        PENDING = "pending", _("not confirmed yet")
        OTHER_EVENT = "other_event", _("of another event")
        UNKNOWN = "unknown", _("unknown ticket")
        OVER_CAPACITY = "over_capacity", _("no place was left")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="check_ins", verbose_name=_("event"))
    # None for a ticket that nobody of this event has.
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, null=True, blank=True, related_name="check_ins"
    )
    # What the phone had scanned, if nobody of this event has it: else the person has Registration.ticket_key.
    ticket_key = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    kind = models.CharField(_("kind"), max_length=4, choices=Kind)
    # The check-in that is undone; it can arrive later, from another phone.
    undoes = models.UUIDField(null=True, blank=True)
    door = models.ForeignKey(
        Door, on_delete=models.SET_NULL, null=True, blank=True, related_name="check_ins", verbose_name=_("entrance")
    )
    device = models.ForeignKey(
        DoorDevice, on_delete=models.SET_NULL, null=True, blank=True, related_name="check_ins", verbose_name=_("phone")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("user")
    )
    method = models.CharField(_("method"), max_length=8, choices=Method)
    # By the device, put right by how much its clock differed from the database's when it sent this.
    happened_at = models.DateTimeField(_("when"))
    clock_offset = models.IntegerField(default=0, db_default=0)  # in seconds; how much was added
    received_at = models.DateTimeField(_("received"), db_default=Now())
    verdict = models.CharField(_("note"), max_length=13, choices=Verdict, blank=True, default="", db_default="")
    # Why the helper let somebody in whom the phone did not welcome.
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="", db_default="")
    is_practice = models.BooleanField(_("practice"), default=False, db_default=False)
    # So that other phones hear of it, however late the transaction ends.
    recorded_in = models.BigIntegerField(db_default=TransactionNumber(), editable=False)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="undo", undoes__isnull=False) | ~Q(kind="undo") & Q(undoes__isnull=True),
                name="check_in_undo_names_what",
            ),
        ]
        indexes = [
            models.Index("undoes", name="check_in_undoes", condition=Q(kind="undo")),
            models.Index(fields=["event", "happened_at"], name="check_in_by_time"),
            models.Index(fields=["event", "recorded_in"], name="check_in_changes"),
        ]

    def __str__(self):
        when = date_format(timezone.localtime(self.happened_at), "SHORT_DATETIME_FORMAT")
        return f"{self.get_kind_display()}, {when}"
