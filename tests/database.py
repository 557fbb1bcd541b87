"""Empties the tests' database after a test that no transaction undoes: only the tables that hold something."""

from django.db import connection, transaction

# The schema with copies of what migrations stored, such as groups and their permissions.
INITIAL = "initial"
# ruff: noqa: S608 (the names are those of our own tables)


def keep_initial_rows() -> None:
    """Copy every table that holds something before the first test."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {INITIAL}")
        for table in filled(cursor, tables(cursor, "public")):
            cursor.execute(f'CREATE TABLE {INITIAL}."{table}" AS TABLE "{table}"')


def restore_initial_rows() -> None:
    """Give every table the rows that it held before the first test."""
    with transaction.atomic(), connection.cursor() as cursor:
        initial = tables(cursor, INITIAL)
        if others := filled(cursor, tables(cursor, "public") - initial):
            cursor.execute(f"TRUNCATE {', '.join(map(quoted, others))} CASCADE")
        for table in changed(cursor, initial):  # foreign keys are checked at the end
            cursor.execute(f'DELETE FROM "{table}"')
            cursor.execute(f'INSERT INTO "{table}" TABLE {INITIAL}."{table}"')


def tables(cursor, schema: str) -> set[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
    return {name for (name,) in cursor.fetchall()}


def filled(cursor, names: set[str]) -> list[str]:
    """Those of these tables that hold a row."""
    cursor.execute(" UNION ALL ".join(f"(SELECT '{name}' FROM \"{name}\" LIMIT 1)" for name in sorted(names)))
    return [name for (name,) in cursor.fetchall()]


def changed(cursor, names: set[str]) -> list[str]:
    """Those of these tables that hold other rows than before the first test."""
    differences = (
        f'(SELECT \'{name}\' FROM ((TABLE "{name}" EXCEPT TABLE {INITIAL}."{name}") UNION ALL '
        f'(TABLE {INITIAL}."{name}" EXCEPT TABLE "{name}")) AS difference LIMIT 1)'
        for name in sorted(names)
    )
    cursor.execute(" UNION ALL ".join(differences))
    return [name for (name,) in cursor.fetchall()]


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def disconnect_everybody_else() -> None:
    """Close every other connection to the tests' database, such as those of threads that serve a browser."""
    connection.close()  # it may be one of those that were closed before
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
