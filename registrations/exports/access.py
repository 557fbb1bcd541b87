"""Who may export what, how many at a time, and the admin's log of it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from conference.models import Event
from config.database_limits import limit_statements
from registrations.models import Registration

MAX_SLOTS = 2
# In seconds, for each query of an export: less than gunicorn waits for a page.
MAX_QUERY_SECONDS = 110
# With the number of a slot, this is the key of one of PostgreSQL's advisory locks.
LOCK_ID = 20270927


class ExportAccess(NamedTuple):
    """What the person who exports may see. Dietary and access needs are in nobody's table."""

    can_see_email: bool
    can_change: bool

    @classmethod
    def for_user(cls, user) -> "ExportAccess":
        return cls(user.has_perm("registrations.view_email"), user.has_perm("registrations.change_registration"))


LOG_TEXT = gettext_noop(
    "Exported: %(kind)s. Rows: %(count)d. Events: %(events)s. Filters: %(filters)s. Columns: %(columns)s."
)

# Whoever runs the commands on the server.
OPERATOR_ACCESS = ExportAccess(can_see_email=True, can_change=True)


class NoFreeSlot(Exception):
    """MAX_SLOTS exports are being written already."""


@contextmanager
def export_slot() -> Iterator[None]:
    """Hold one of MAX_SLOTS slots in a transaction, which all processes share, so that the site stays usable.

    Raises NoFreeSlot.
    """
    with limit_statements(MAX_QUERY_SECONDS), transaction.atomic(), connection.cursor() as cursor:
        for number in range(MAX_SLOTS):
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_ID, number])
            if cursor.fetchone()[0]:
                break
        else:
            raise NoFreeSlot
        yield


def log_export(
    user, *, kind: str, events: Iterable[Event], count: int, filters: Iterable[str], columns: Iterable[str]
) -> None:
    """Log that `user` exported a list of this kind, with `count` rows, of these events. It names no person."""
    events = sorted(events, key=lambda event: event.pk)
    event = events[0] if len(events) == 1 else None
    text = _(LOG_TEXT)
    facts = {
        "kind": kind,
        "count": count,
        "events": ", ".join(event.slug for event in events) or "–",
        "filters": "; ".join(filters) or "–",
        "columns": ", ".join(columns) or "–",
    }
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(event or Registration),
        object_id=event and event.pk,
        object_repr=str(event or _("Registrations"))[:200],
        action_flag=CHANGE,
        change_message=text % facts,
    )


def list_exports(user) -> QuerySet[LogEntry]:
    """Return the entries of the log about lists that `user` exported, the latest first, in whatever language."""
    about = Q(pk__in=[])
    for language, _name in settings.LANGUAGES:
        with override(language):
            about |= Q(change_message__startswith=_(LOG_TEXT).partition("%")[0])
    return LogEntry.objects.filter(about, user=user.pk, action_flag=CHANGE).order_by("-pk")
