"""Too many registrations from one network: their places are held, and organisers look at them together."""

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from conference.models import Event
from registrations.models import Burst, Registration
from registrations.operations.exceptions import Busy
from registrations.operations.locking import lock_event

# How long it is known which network a registration came from.
ORIGIN_KEPT = timedelta(days=7)


def join_burst(registration: Registration) -> None:
    """Put this new registration and those that came from its network just before it into one burst.

    As long as it is in one, its place must be confirmed by e-mail. Requires the lock; the caller saves.
    """
    event, since = registration.event, timezone.now() - timedelta(seconds=settings.BURST_LIMIT[1])
    recent = event.registrations.filter(origin=registration.origin, created_at__gt=since)
    registration.burst = event.bursts.filter(people__in=recent).last() or event.bursts.create()
    recent.exclude(burst=registration.burst).update(burst=registration.burst)


def accept_burst(burst: Burst) -> None:
    """Take its registrations as any others from now on. Raises Busy."""
    with lock_event(burst.event):  # or somebody who is just joining it would find it gone
        burst.delete()


def forget_origins() -> None:
    """Erase which networks the registrations of more than a week ago came from."""
    past = Registration.objects.filter(created_at__lt=Now() - ORIGIN_KEPT).exclude(origin="")
    for event in Event.objects.filter(registrations__in=past).distinct():
        with suppress(Busy), lock_event(event):  # as the trigger locks the counts after the rows
            past.filter(event=event).update(origin="")
