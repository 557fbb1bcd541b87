"""When the next e-mail may be sent: the pace of all senders together, and the pause while the mail server is down.

All times are the database's, because a sender whose clock is wrong must not hold up the others.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now

from registrations.models import Sender

logger = logging.getLogger(__name__)

# How long a mail server that takes nothing is left alone.
PROBE_PAUSE = timedelta(minutes=1)


def get_pause() -> timedelta:
    """Return the time between two messages."""
    number, seconds = settings.EMAIL_RATE
    return timedelta(seconds=seconds) / number


def note_run() -> None:
    """Note that a sender is at work."""
    Sender.objects.bulk_create(
        [Sender(pk=1, last_ran_at=Now())], update_conflicts=True, unique_fields=["id"], update_fields=["last_ran_at"]
    )


def is_server_left_alone() -> bool:
    """Whether the mail server takes nothing, and it is too early to try again."""
    return Sender.objects.filter(outage_since__isnull=False, next_slot_at__gt=Now()).exists()


def take_slot() -> float | None:
    """Take the right to send one message now, or return for how many seconds nobody has it."""
    pause = Case(When(outage_since=None, then=Value(get_pause())), default=Value(PROBE_PAUSE))
    is_free = Q(next_slot_at=None) | Q(next_slot_at__lte=Now())
    if Sender.objects.filter(is_free).update(last_ran_at=Now(), next_slot_at=Now() + pause):
        return None
    # It cannot be further away, unless the database's clock was put back or the pace was changed.
    Sender.objects.filter(next_slot_at__gt=Now() + pause).update(next_slot_at=Now() + pause)
    remaining = Sender.objects.values_list(F("next_slot_at") - Now(), flat=True).get()
    return max(0, remaining.total_seconds())


def note_answer() -> None:
    """Note that the mail server answers, which ends an outage."""
    was_down = Sender.objects.filter(outage_since__isnull=False)
    if was_down.update(outage_since=None, outage_error="", next_slot_at=Now() + get_pause()):
        logger.warning("The mail server takes e-mail again.")
    Sender.objects.update(last_sent_at=Now())


def note_outage(error: Exception) -> None:
    """Note that the mail server takes nothing, and leave it alone for a minute, unless others just reached it."""
    reason = f"{type(error).__name__}: {error}"
    is_silent = Q(last_sent_at=None) | Q(last_sent_at__lte=Now() - PROBE_PAUSE)
    if Sender.objects.filter(is_silent, outage_since=None).update(outage_since=Now()):
        logger.warning("The mail server takes no e-mail. It is tried again every minute. %s", reason)
    in_outage = Sender.objects.filter(outage_since__isnull=False)
    in_outage.update(outage_error=reason, next_slot_at=Now() + PROBE_PAUSE)
