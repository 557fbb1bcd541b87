"""Database expressions that columns are made of."""

import json
from collections.abc import Mapping

from django.db.models import Case, DateTimeField, F, Func, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact

from conference.models import Event

MAX_CASES = 12  # up to so many labels a CASE is faster than a look-up


def replace_codes(
    code: Combinable, labels: Mapping[object, object], *, otherwise: Combinable | None = None
) -> Combinable:
    """What people read instead of this code; `labels` maps one to the other, `otherwise` is for codes not in it."""
    if len(labels) <= MAX_CASES:
        cases = (When(Exact(code, Value(key)), then=Value(str(text))) for key, text in labels.items())
        return Case(*cases, default=otherwise, output_field=TextField())
    known = json.dumps({str(key): str(text) for key, text in labels.items()})
    key = Cast(code, TextField())
    found = Func(Value(known), key, template="(%(expressions)s)", arg_joiner="::jsonb ->> ", output_field=TextField())
    return found if otherwise is None else Coalesce(found, otherwise)


def join_array(field: str) -> Func:
    """The texts in this array, with commas between."""
    return Func(F(field), Value(", "), function="array_to_string", output_field=TextField())


def convert_to_local_time(field: str, events: list[Event]) -> Func:
    """The time in this field to the second, in the time zone of the event."""
    zones = {event.time_zone for event in events}
    # Most often there is only one, and PostgreSQL need not look at the event for each row.
    zone = Value(zones.pop()) if len(zones) == 1 else F("event__time_zone")
    local = Func(zone, F(field), function="timezone")
    return Func(Value("second"), local, function="date_trunc", output_field=DateTimeField())
