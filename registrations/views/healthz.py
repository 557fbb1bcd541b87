"""The page for a monitor: whether the site and its e-mail work."""

from datetime import datetime
from types import SimpleNamespace

from django.db import DatabaseError, InterfaceError, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registrations.mail.outbox import get_health


@require_safe
@never_cache
def healthz(request):
    """Answer 200, or 503 with the problems: of the database, or that e-mail is waiting and does not go out.

    It has no personal data and no counts, from which a stranger could tell a known address from an unknown one.
    """
    try:
        found, is_read_only = get_health(), is_database_read_only()
    except (DatabaseError, InterfaceError):
        return JsonResponse({"status": "bad", "database": "does not answer"}, status=503)
    problems = list_problems(found)
    is_bad = bool(problems or is_read_only)
    state = {
        "status": "bad" if is_bad else "ok",
        "database": "is read-only" if is_read_only else "ok",
        # In minutes, because a sender that is working on one message is silent for seconds.
        "sender_last_ran_minutes_ago": count_since(found.last_ran_at, found.now, 60),
        "oldest_unsent_seconds": count_since(found.oldest_message_at, found.now, 1),
        "problems": problems,
    }
    return JsonResponse(state, status=503 if is_bad else 200)


def is_database_read_only() -> bool:
    """Whether nothing can be saved: the server is a replica, or an administrator or a failover has closed it."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        return cursor.fetchone() == ("on",)


def list_problems(found: SimpleNamespace) -> list[str]:
    """What keeps e-mail from going out, in words for who runs the site."""
    problems = []
    if found.on_hold_since:
        problems.append("E-mail is on hold since the database was restored.")
    if found.is_stuck:
        problems.append("E-mail is waiting, and no sender has run for ten minutes.")
    if found.is_late:
        problems.append("E-mail has been due for half an hour.")
        if found.outage_since:
            problems.append("The mail server takes no e-mail.")
    if found.is_ahead:
        problems.append("A time of the sender is in the future: the database's clock was put back.")
    return problems


def count_since(moment: datetime | None, now: datetime, seconds: int) -> int | None:
    """Return how many whole periods of so many seconds have passed since `moment`; None if it never was."""
    return max(0, int((now - moment).total_seconds()) // seconds) if moment else None
