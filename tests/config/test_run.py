"""`make run` as a newcomer meets it, in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.conf import settings

from config import run
from tests.waiting import TIMEOUT, wait_for


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_run(**environment) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "config.run"],
        cwd=settings.BASE_DIR,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize(
    ("port", "expected"),
    [("nonsense", "PORT is a number from 1 to 65535, not 'nonsense'."), ("0", "PORT is a number from 1 to 65535")],
)
def test_a_port_that_is_none_is_told_in_one_line(port, expected):
    output, _error = start_run(PORT=port).communicate(timeout=TIMEOUT)
    assert output.startswith(expected)
    assert output.count("\n") == 1


def test_a_port_that_is_taken_is_told_in_one_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        output, _error = start_run(PORT=str(port)).communicate(timeout=TIMEOUT)
    assert output == f"Port {port} cannot be used (Address already in use). Choose another: PORT=9000 make run\n"


@pytest.fixture
def database_url():
    """An empty database on the tests' server."""
    name = f"run_{os.getpid()}"
    server = psycopg2.connect(os.environ["DATABASE_URL"])
    server.autocommit = True
    server.cursor().execute(f"CREATE DATABASE {name}")
    yield urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    server.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


@pytest.mark.slow
@pytest.mark.xdist_group("production")
def test_everything_runs_and_ends_with_one_signal(database_url, tmp_path):
    port = free_port()
    mail = tmp_path / "mail"
    site = start_run(
        PORT=str(port),
        DATABASE_URL=database_url,
        EMAIL_URL=f"filemail:///{mail}",
        ORGANISER_PASSWORD="made-for-the-test",
    )
    try:
        told = "".join(iter(site.stdout.readline, "  Stop with     Ctrl-C\n"))
        assert f"The site      http://localhost:{port}/" in told
        assert f"The admin     http://localhost:{port}/admin/" in told
        assert "password    made-for-the-test" in told
        assert f"E-mail to     {mail}" in told
        wait_for(lambda: is_reachable(f"http://localhost:{port}/lv/di-xl/register/"))
        queue_a_message(database_url)
        assert get_server(f"http://localhost:{port}/static/css/site.css") == "gunicorn"
        wait_for(lambda: mail.exists() and any(mail.iterdir()))
        assert {path.stat().st_mode & 0o077 for path in (mail, *mail.iterdir())} == {0}
    finally:
        site.send_signal(signal.SIGINT)
        rest, _error = site.communicate(timeout=TIMEOUT)
    assert rest.endswith("\nStopped.\n")
    assert "Traceback" not in rest
    assert site.returncode == 0
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        pass
    with psycopg2.connect(database_url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        assert cursor.fetchone() == (1,)  # this one: nobody else is left


def is_reachable(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT) as response:
            return response.status == 200
    except OSError:
        return False


def get_server(address: str) -> str:
    with urllib.request.urlopen(address, timeout=TIMEOUT) as response:
        return response.headers["Server"]


def test_what_is_changed_is_loaded_again_only_in_development(settings):
    settings.DEBUG = True
    command = run.make_gunicorn_command("8000")
    assert "--reload" in command
    assert "registrations/**/*.py" in command
    settings.DEBUG = False
    assert "--reload" not in run.make_gunicorn_command("8000")


def test_broken_code_becomes_a_page_until_it_is_changed(monkeypatch, capsys):
    def import_broken(name):
        raise NameError("name 'nonsense' is not defined")

    monkeypatch.setattr(run, "import_module", import_broken)
    statuses = []
    page = b"".join(run.load_application()({}, lambda status, headers: statuses.append(status)))
    assert statuses == ["500 Internal Server Error"]
    assert b"nonsense" in page
    assert "nonsense" in capsys.readouterr().err


def queue_a_message(database_url: str) -> None:
    with psycopg2.connect(database_url) as connection, connection.cursor() as cursor:
        cursor.execute(
            """
            WITH person AS (
                INSERT INTO registrations_registration (event_id, reference, first_name, last_name, email, organisation,
                    job_title, country, sector, language, status, answers, created_at, source, internal_note)
                SELECT id, 'K7M2PXQ4', 'Anna', 'Bērziņa', 'anna@example.lv', '', '', '', '', 'lv', 'confirmed', '{}',
                    now(), 'online', '' FROM conference_event RETURNING id
            )
            INSERT INTO registrations_outgoingemail (registration_id, kind, language, "to", subject, text, html,
                created_at, attempts, next_attempt_at, last_error)
            SELECT id, 'registered', 'lv', 'anna@example.lv', '', '', '', now(), 0, now(), '' FROM person
            """
        )
    connection.close()
