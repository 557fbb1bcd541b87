"""A database of the benchmarks' own, made before and dropped after, beside the one that the site uses."""

import contextlib
import os
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from config import development

NAME = "conference_bench"


@contextlib.contextmanager
def scratch_database(root) -> Iterator[str]:
    """The URL of an empty database on the server of DATABASE_URL, or on the embedded one."""
    url = os.environ.get("DATABASE_URL") or development.start_postgres(root / "var" / "postgres")
    scratch = urlunsplit(urlsplit(url)._replace(path=f"/{NAME}"))
    execute(url, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    execute(url, f"CREATE DATABASE {NAME}")
    os.environ["DATABASE_URL"] = scratch
    try:
        yield scratch
    finally:
        os.environ["DATABASE_URL"] = url
        execute(url, f"DROP DATABASE {NAME} WITH (FORCE)")


@contextlib.contextmanager
def example_site(root) -> Iterator[str]:
    """Django in this process, on a scratch database in which the example conference is; yields the database's URL."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DEBUG", "on")
    with scratch_database(root) as url:
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        if not settings.DEBUG:  # the example names files that must be there
            call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_conference", verbosity=0)
        yield url


def execute(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()
