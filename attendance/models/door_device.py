"""Phones that check people in for one event: their helpers need no account."""

import hashlib
import secrets
from datetime import datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from attendance.models.door import Door
from conference.models import Event

# How long after the event a phone is known: organisers may ask which phone let somebody in, and what it has still to
# send is taken.
KEPT = timedelta(days=30)
# How long the code that an organiser shows can be used, once.
PAIRING_MINUTES = 10


def generate_token() -> str:
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return what is stored of a token, which nobody can guess, so that it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def get_expiry(event: Event) -> datetime:
    """Return the end of the day after the event, by the event's clock: until then its phones work."""
    last_day = event.ends_at.astimezone(event.zone).date()
    return datetime.combine(last_day + timedelta(days=2), time.min, event.zone)


class DoorPairing(models.Model):
    """A code that pairs one phone, shown by an organiser."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="door_pairings")
    door = models.ForeignKey(Door, on_delete=models.SET_NULL, null=True, blank=True)
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    device = models.OneToOneField("DoorDevice", on_delete=models.CASCADE, null=True, related_name="pairing")

    def __str__(self):
        return f"{self.event} {self.pk}"


class DoorDeviceQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(event__in=Event.objects.visible_to(user))

    def working(self) -> Self:
        """Devices that may check people in now, by the database's clock."""
        return self.filter(revoked_at=None, expires_at__gt=Now())


class DoorDevice(models.Model):
    """A paired phone."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="door_devices", verbose_name=_("event"))
    door = models.ForeignKey(
        Door, on_delete=models.SET_NULL, null=True, blank=True, related_name="devices", verbose_name=_("entrance")
    )
    name = models.CharField(_("name"), max_length=60)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    paired_at = models.DateTimeField(_("paired"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("works until"), editable=False)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, editable=False)
    # How many check-ins it had still to send then.
    unsent = models.PositiveIntegerField(_("to be sent"), default=0, db_default=0, editable=False)
    revoked_at = models.DateTimeField(_("locked out"), null=True, editable=False)

    objects = DoorDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("phone at the door")
        verbose_name_plural = _("phones at the door")
        ordering = ["-paired_at", "-pk"]

    def __str__(self):
        return self.name
