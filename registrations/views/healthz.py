"""The page for a monitor: whether the site and its e-mail work."""

from datetime import datetime

from django.db import DatabaseError, InterfaceError
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registrations.mail.outbox import get_health


@require_safe
@never_cache
def healthz(request):
    """Answer 200, or 503 when the database does not answer, or e-mail is on hold or waits and no sender is running.

    It has no personal data and no counts, from which a stranger could tell a known address from an unknown one.
    """
    try:
        found = get_health()
    except (DatabaseError, InterfaceError):
        return JsonResponse({"status": "bad", "database": "does not answer"}, status=503)
    is_bad = found.is_stuck or bool(found.on_hold_since)
    state = {
        "status": "bad" if is_bad else "ok",
        "database": "ok",
        # In minutes, because a sender that is working on one message is silent for seconds.
        "sender_last_ran_minutes_ago": count_since(found.last_ran_at, 60),
        "oldest_unsent_seconds": count_since(found.oldest_message_at, 1),
    }
    if found.on_hold_since:
        state["email"] = "on hold since the database was restored"
    return JsonResponse(state, status=503 if is_bad else 200)


def count_since(moment: datetime | None, seconds: int) -> int | None:
    """Return how many whole periods of so many seconds have passed since `moment`; None if it never was."""
    return max(0, int((timezone.now() - moment).total_seconds()) // seconds) if moment else None
