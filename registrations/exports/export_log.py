"""The admin's log of exports."""

from collections.abc import Iterable

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.models import Registration


def log_export(
    user, *, kind: str, events: Iterable[Event], count: int, filters: Iterable[str], columns: Iterable[str]
) -> LogEntry:
    """Log that `user` exported a list of this kind, with `count` rows, of these events. It names no person."""
    events = sorted(events, key=lambda event: event.pk)
    event = events[0] if len(events) == 1 else None
    return LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(event or Registration),
        object_id=event and event.pk,
        object_repr=str(event or _("Registrations"))[:200],
        action_flag=CHANGE,
        change_message=_(
            "Exported: %(kind)s. Rows: %(count)d. Events: %(events)s. Filters: %(filters)s. Columns: %(columns)s."
        )
        % {
            "kind": kind,
            "count": count,
            "events": ", ".join(event.slug for event in events) or "–",
            "filters": "; ".join(filters) or "–",
            "columns": ", ".join(columns) or "–",
        },
    )
