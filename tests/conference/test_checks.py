"""A database that cannot hold the texts is refused before anybody registers."""

import os
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError
from django.db import OperationalError, connection

from backups.postgresql import use_database
from conference import checks

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def database_without_utf8():
    """An empty database such as `createdb` makes where no language is set up; this process uses it meanwhile."""
    site = connection.settings_dict["NAME"]
    name = f"{site}_ascii"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    use_database(name)
    try:
        yield name
    finally:
        use_database(site)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.proof
def test_neither_the_migrations_the_site_nor_a_restore_begin_in_a_database_without_utf8(monkeypatch):
    with database_without_utf8() as name:
        message = f"The encoding of the database “{name}” is SQL_ASCII; it must be UTF8."
        with pytest.raises(SystemCheckError, match=message):
            call_command("migrate", verbosity=0, skip_checks=False)
        assert connection.introspection.table_names() == []
        with pytest.raises(CommandError, match=message):
            call_command("restore", "some.backup")
        with pytest.raises(SystemExit) as stop:
            checks.exit_if_unusable()
        assert str(stop.value) == f"{message} createdb --encoding UTF8 --locale C.UTF-8 --template template0 …"
        assert connection.connection is None
        address = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
        monkeypatch.setenv("DATABASE_URL", address)
        gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", "127.0.0.1:0"]
        site = subprocess.run(gunicorn, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert site.returncode == 1
    assert message in site.stderr
    assert "Traceback" not in site.stderr


def test_a_database_with_utf8_is_fine():
    assert checks.check_encoding(databases=["default"]) == []
    assert checks.exit_if_unusable() is None


def test_the_site_starts_while_the_database_does_not_answer(monkeypatch):
    def refuse(*_arguments, **_options):
        raise OperationalError

    monkeypatch.setattr(checks, "check_encoding", refuse)
    assert checks.exit_if_unusable() is None
