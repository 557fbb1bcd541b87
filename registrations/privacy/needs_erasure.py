"""Erasing answers about dietary and access needs after an event."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, JSONField, TextField, Value

from conference.models import Event
from registrations import operations


def erase_due_needs(now: datetime, *, dry_run: bool = False) -> dict[Event, int]:
    """Erase all answers about needs for events that ended long enough before `now` (UTC).

    Returns the number of registrations by event; `dry_run` only counts them. Repeating it is harmless. Raises Busy.
    """
    erased = {}
    for event in list_events_with_due_needs(now):
        keys = list(event.questions.about_needs().values_list("key", flat=True))
        with operations.lock_event(event):  # otherwise an answer that is just being saved would restore them
            found = event.registrations.filter(answers__has_any_keys=keys)
            erased[event] = found.count() if dry_run else found.update(answers=remove_keys("answers", keys))
    return erased


def list_events_with_due_needs(now: datetime) -> list[Event]:
    past = Event.objects.defer_long_texts().filter(ends_at__lte=now, questions__is_about_needs=True)
    return [
        event
        for event in past.distinct().order_by("pk")
        if event.ends_at + timedelta(days=event.needs_kept_days) <= now
    ]


def remove_keys(field: str, keys: list[str]) -> Func:
    """Return the expression for the JSON object in this field without these keys."""
    names = Value(keys, output_field=ArrayField(TextField()))
    return Func(F(field), names, template="(%(expressions)s)", arg_joiner=" - ", output_field=JSONField())
