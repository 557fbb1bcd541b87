"""Inserting a hundred thousand rows at once, with PostgreSQL's COPY."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Model

from registrations.models import Registration

COPY_NULL = "\\N"


def insert_registrations(people: Sequence[Registration]) -> None:
    """Insert all of them and set their primary keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Registration._meta.db_table, len(people)],
        )
        for registration, (key,) in zip(people, cursor.fetchall(), strict=True):
            registration.pk = key
    fields = [
        field
        for field in Registration._meta.concrete_fields
        if not field.generated and (field.has_default() or not field.has_db_default())
    ]
    rows = ([field.value_from_object(registration) for field in fields] for registration in people)
    copy_rows(Registration, [field.column for field in fields], rows)


def copy_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Insert rows of values into the table of `model`."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerows([format_copy_value(value) for value in row] for row in rows)
    file.seek(0)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN WITH (FORMAT csv, NULL '{COPY_NULL}')", file)


def format_copy_value(value) -> str:
    """Return the value as COPY reads it."""
    if value is None:
        return COPY_NULL
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"{{{','.join(json.dumps(word, ensure_ascii=False) for word in value)}}}"
    return str(value)
