"""What the database contains after an operation."""

from django.db import connection


def list_statuses(event) -> list[str]:
    return list(event.registrations.order_by("pk").values_list("status", flat=True))


def list_email_kinds(registration) -> list[str]:
    return list(registration.emails.order_by("pk").values_list("kind", flat=True))


def dump_database() -> str:
    """Return every row of every table in one text, but for sessions and what limits requests."""
    passing = {"django_session", "registrations_requestcount"}
    with connection.cursor() as cursor:
        tables, rows = {*connection.introspection.table_names(cursor)} - passing, []
        for table in sorted(tables):
            cursor.execute(f'SELECT to_jsonb(stored)::text FROM "{table}" AS stored ORDER BY 1')  # noqa: S608
            rows += [f"{table}: {row}" for (row,) in cursor.fetchall()]
    return "\n".join(rows)
