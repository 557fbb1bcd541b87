"""A real PgBouncer in transaction mode, which gives a connection to others after each transaction, beside the site."""

import os
import shutil
import socket
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import Client

from backups.creation import write_backup
from config.database_limits import limit_statements
from registrations.exports import lists
from registrations.exports.access import MAX_SLOTS
from registrations.mail import outbox
from registrations.models import Registration
from registrations.operations.locking import select_event_for_update
from tests.config.test_run import free_port
from tests.factories import make_event, make_form_data, make_registration, make_topic, make_user
from tests.registrations.concurrency.invariants import assert_one_live_registration_per_person
from tests.registrations.concurrency.threads import run_at_once
from tests.waiting import TIMEOUT, wait_for

pytestmark = [
    pytest.mark.skipif(
        shutil.which("pgbouncer") is None and not os.environ.get("CI"), reason="There is no PgBouncer here to try."
    ),
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("crowd"),
    pytest.mark.proof,
    pytest.mark.slow,
]

HOST = "127.0.0.1"
# Fewer connections than clients, so that each client is given those of others.
CONFIGURATION = """
[databases]
{dbname} = {server}
[pgbouncer]
listen_addr = {host}
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
logfile = {folder}/log
"""
EXPORT_URL = "/admin/registrations/registration/export/"
OTHERS_EXPORT = "Other lists are being exported right now."


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


@pytest.fixture
def through_pgbouncer(tmp_path):
    """All connections of this process lead through PgBouncer."""
    params, there = connection.get_connection_params(), dict(connection.settings_dict)
    server = {name: params[name] for name in ("host", "port", "dbname", "user", "password") if params.get(name)}
    port = free_port()
    text = " ".join(f"{name}='{value}'" for name, value in server.items())
    path = tmp_path / "pgbouncer.ini"
    path.write_text(CONFIGURATION.format(dbname=params["dbname"], server=text, host=HOST, port=port, folder=tmp_path))
    as_user = []
    if os.geteuid() == 0:  # which it refuses to be
        own_socket = str(server.get("host", "")).startswith("/")
        user = Path(server["host"]).owner() if own_socket else "nobody"
        as_user = ["-u", user]
        for folder in (tmp_path, *tmp_path.parents[:3]):
            folder.chmod(0o755)
        shutil.chown(tmp_path, user)
    with subprocess.Popen(["pgbouncer", "-q", *as_user, path]) as process:
        try:
            wait_for(lambda: is_listening(port) or process.poll() is not None)
            connection.close()
            connection.settings_dict.update(HOST=HOST, PORT=port)
            yield
        finally:
            connections.close_all()
            connection.settings_dict.clear()
            connection.settings_dict.update(there)
            process.terminate()


def count_held_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return cursor.fetchone()[0]


def show_settings() -> tuple[str, str, str]:
    """What the server's connections are set to, outside of transactions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
        return cursor.fetchone()


def test_who_signs_up_at_once_gets_a_place_or_waits_and_nobody_sees_an_error(through_pgbouncer):
    event = make_event(capacity=8)
    topics = [make_topic(event, f"Topic {number}").pk for number in range(3)]
    forms = [make_form_data(event, topics=topics) for _number in range(24)]
    for number in range(0, 24, 3):
        forms[number]["email"] = ""  # so that the form with its topics is shown again

    def sign_up(form):
        return Client().post(f"/en/{event.slug}/register/", form).status_code

    assert Counter(run_at_once(sign_up, forms)) == {302: 16, 200: 8}
    assert Counter(event.registrations.values_list("status", flat=True)) == {"confirmed": 8, "waitlisted": 8}
    assert Registration.topics.through.objects.count() == 48
    assert_one_live_registration_per_person(event)
    assert show_settings() == ("0", "0")


def test_who_cannot_get_the_lock_is_not_kept_waiting(through_pgbouncer, monkeypatch):
    monkeypatch.setattr("config.database_limits.LOCK_TIMEOUT", 200)
    event = make_event()
    form = make_form_data(event)
    with transaction.atomic():
        select_event_for_update(event)
        start = time.monotonic()
        (status,) = run_at_once(lambda data: Client().post(f"/en/{event.slug}/register/", data).status_code, [form])
        assert time.monotonic() - start < TIMEOUT
    assert status == 503
    assert not event.registrations.exists()


def test_twenty_exports_at_once_all_get_their_list_and_every_turn_is_given_back(through_pgbouncer, monkeypatch):
    monkeypatch.setattr(lists, "CHUNK_ROWS", 5)
    event, user = make_event(), make_user(is_superuser=True)
    for _number in range(12):
        make_registration(event)
    turned_away = []

    def export(format):
        browser = Client()
        browser.force_login(user)
        data = {"export": "", "format": format, "order": "name", "columns": ["reference", "email"]}
        while True:
            response = browser.post(EXPORT_URL, data)
            assert response.status_code == 200
            if response.streaming:
                return len(b"".join(response.streaming_content))
            assert OTHERS_EXPORT in response.content.decode()
            turned_away.append(format)
            time.sleep(0.05)

    sizes = run_at_once(export, ["xlsx", "csv"] * 10)
    assert min(sizes) > 200
    assert count_held_locks() == 0
    assert MAX_SLOTS == 2
    assert show_settings() == ("0", "0")


def test_two_senders_send_each_message_once(through_pgbouncer):
    event = make_event()
    people = [make_registration(event) for _number in range(30)]
    for person in people:
        outbox.queue(person, "registered")
    run_at_once(lambda _number: call_command("send_emails"), range(2))
    assert Counter(message.to[0] for message in mail.outbox) == {person.email: 1 for person in people}
    assert count_held_locks() == 0


def test_a_page_that_takes_too_long_is_ended_and_the_next_is_not(through_pgbouncer):
    with limit_statements(20):
        assert show_settings() == ("10s", "20s")
    assert show_settings() == ("0", "0")


def test_a_backup_is_made_through_it_and_leaves_no_setting_behind(through_pgbouncer, tmp_path, settings):
    settings.ERASURE_LEDGER = tmp_path / "erasures.ledger"
    make_registration(make_event())
    rows = write_backup(tmp_path / "site.backup")
    assert rows["registrations_registration"] == 1
    assert [show_settings() for _time in range(8)] == [("0", "0")] * 8
    assert Registration.objects.count() == 1
