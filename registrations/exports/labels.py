"""What people read instead of the codes that are stored, looked up by the database."""

import json
from collections.abc import Mapping

from django.db.models import Case, Func, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact

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
