"""A backup is restored: everything is there, nobody is back who was erased, and nothing is sent."""

import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import InternalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from backups import restoring
from backups.archive import open_archive
from backups.management.commands import rehearse
from backups.postgresql import count_tables, scratch_database
from backups.verification import find_problems
from registrations import operations
from registrations.mail import delivery
from registrations.models import OutgoingEmail, Registration, Sender
from registrations.privacy import erase_person
from tests.clocks import wrong_clock
from tests.factories import make_event, make_question, make_registration, make_user
from tests.registrations.stored_state import dump_database

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof, pytest.mark.slow]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "site.backup"


def edit(file, name: str, content: bytes) -> None:
    """Replace a member of a backup."""
    with zipfile.ZipFile(file) as archive:
        members = {one: archive.read(one) for one in archive.namelist()} | {name: content}
    with zipfile.ZipFile(file, "w") as archive:
        for one, text in members.items():
            archive.writestr(one, text)


def edit_manifest(file, **values) -> None:
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    edit(file, "manifest.json", json.dumps(manifest | values).encode())


def test_everything_is_back_as_it_was_and_nothing_is_sent_before_somebody_agrees(event, file, capsys):
    call_command("backup", file, "--plain")
    before = dump_database()
    token = Registration.objects.get(email="anna@example.lv").manage_token
    capsys.readouterr()
    with scratch_database():
        call_command("restore", file)
        after = dump_database()
        assert Registration.objects.get_by_token(token).first_name == "Anna"
        assert delivery.send_due() == (0, 0)
        assert mail.outbox == []
        call_command("resume_emails", "--discard-before")
        assert delivery.send_due() == (0, 0)
        assert OutgoingEmail.objects.filter(sent_at=None, next_attempt_at=None).count() == 3
    assert re.sub(r'"on_hold_since": "[^"]+"', '"on_hold_since": null', after) == before
    told = capsys.readouterr().out
    assert "Registrations: 3, of them erased again now: 0." in told
    assert "E-mails that were waiting then: 2 × registration confirmed, 1 × on the waiting list." in told
    assert "SECRET_KEY" not in told


def test_what_was_erased_after_the_backup_is_erased_again(event, file, capsys):
    question = make_question(event, label="Lunch?", removed_at=timezone.now())
    person = Registration.objects.get(email="anna@example.lv")
    token = person.manage_token
    call_command("backup", file, "--plain")
    erase_person(person)
    operations.erase_question(question, make_user())
    capsys.readouterr()
    with scratch_database():
        call_command("restore", file)
        assert "anna@example.lv" not in dump_database()
        with pytest.raises(Registration.DoesNotExist):
            Registration.objects.get_by_token(token)
        # The place goes to who waits, as it went then.
        statuses = list(event.registrations.order_by("pk").values_list("status", flat=True))
        assert delivery.send_due() == (0, 0)
    assert statuses == ["cancelled", "confirmed", "confirmed"]
    told = capsys.readouterr().out
    assert "of them erased again now: 1." in told
    assert "erase them again: “Lunch?” of event." in told


def test_what_was_left_of_a_held_place_is_left_after_the_restore_too(event, file):
    person = make_registration(event, "pending", hold_until=timezone.now() + timedelta(hours=5))
    call_command("backup", file, "--plain")
    edit_manifest(file, made_at=(timezone.now() - timedelta(days=3)).isoformat())
    with scratch_database():
        call_command("restore", file)
        restored = Registration.objects.get(pk=person.pk)
    assert restored.status == "pending"
    assert abs(restored.hold_until - person.hold_until - timedelta(days=3)) < timedelta(minutes=5)


def test_a_machine_whose_clock_is_ahead_erases_no_needs_before_their_time(event, file):
    past = make_event(starts_at=timezone.now() - timedelta(days=2))
    make_question(past, "diet", is_about_needs=True)
    person = make_registration(past, answers={"diet": "No nuts"})
    call_command("backup", file, "--plain")
    with scratch_database(), wrong_clock(timedelta(days=400)):
        call_command("restore", file)
        assert Registration.objects.get(pk=person.pk).answers == {"diet": "No nuts"}


def test_who_only_has_the_address_of_somebody_erased_is_not_erased_again(event, file):
    """Organisers erased what a robot entered with Anna's address, which had been registered and cancelled before."""
    robots = make_registration(event, "cancelled", email="anna@example.lv")
    call_command("backup", file, "--plain")
    erase_person(robots, with_same_person=False)
    with scratch_database():
        call_command("restore", file)
        assert Registration.objects.get(pk=robots.pk).erased_at
        assert Registration.objects.get(email="anna@example.lv").status == "confirmed"


def test_another_machine_erases_by_the_ledger_in_the_backup_and_takes_over_the_key(
    event, file, ledger, settings, tmp_path
):
    settings.BASE_DIR, settings.SECRET_KEY_FALLBACKS, key = tmp_path, [], settings.SECRET_KEY
    environment = tmp_path / ".env"
    environment.write_text("DEBUG=off\nSECRET_KEY=another\nSITE_URL=https://example.org\n")
    environment.chmod(0o640)
    call_command("backup", file, "--plain")
    erase_person(Registration.objects.get(email="anna@example.lv"))
    edit(file, "erasures.ledger", ledger.read_bytes())  # as if the backup had been made of an older state
    ledger.unlink()
    settings.SECRET_KEY = "another"
    with scratch_database():
        call_command("restore", file, "--write-secrets")
        assert "anna@example.lv" not in dump_database()
    assert environment.read_text() == f"DEBUG=off\nSECRET_KEY='{key}'\nSITE_URL=https://example.org\n"
    assert environment.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("options", [[], ["--write-secrets"]], ids=["a new machine", "the key was changed since"])
def test_nobody_is_back_whom_the_ledger_names_by_the_key_of_either_site(event, file, settings, tmp_path, options):
    settings.BASE_DIR, settings.SECRET_KEY_FALLBACKS, key = tmp_path, [], settings.SECRET_KEY
    call_command("backup", file, "--plain")
    settings.SECRET_KEY = "another" if options else key
    erase_person(Registration.objects.get(email="anna@example.lv"))
    settings.SECRET_KEY = "another"
    with scratch_database():
        call_command("restore", file, *options)
        assert "anna@example.lv" not in dump_database()
    written = tmp_path / ".env"
    assert (written.read_text() == f"\nSECRET_KEY='{key}'\n") if options else not written.exists()


def test_people_erased_after_an_event_have_no_address_in_common(event):
    past = make_event(starts_at=timezone.now() - timedelta(days=30))
    for email in ("erased1@example.lv", "erased2@example.lv"):
        erase_person(make_registration(past, "confirmed", email=email))
    assert find_problems() == []


def test_the_report_says_what_to_do_about_another_key_and_about_too_many_places(event, settings):
    make_registration(event, "confirmed")
    manifest = {"made_at": "2027-05-01T09:00:00+00:00", "site_url": settings.SITE_URL}
    same = restoring.describe(manifest | {"secrets": {"SECRET_KEY": settings.SECRET_KEY}}, [("test", 2)], 3)
    assert same == [
        "The backup was made at 2027-05-01 12:00 EEST of http://localhost:8000. What people did later is lost, "
        "users have the passwords and permissions of then, and personal links that were replaced since work again.",
        "Registrations: 4, of them erased again now: 3.",
        "E-mails that were waiting then: 2 × test. Nothing is sent until you decide in the admin, or with manage.py "
        "resume_emails [--discard-before].",
        "event: 3 of 2 places are taken.",
    ]
    other = restoring.describe(manifest | {"secrets": {"SECRET_KEY": "another"}}, [("test", 2)], 3)
    assert other[:-1] == same
    assert other[-1].startswith("The backup has another SECRET_KEY")


def test_a_rehearsal_tells_and_leaves_the_site_as_it_is(event, file, capsys):
    call_command("backup", file, "--plain")
    before = dump_database()
    call_command("rehearse", file)
    assert "The backup can be relied on." in capsys.readouterr().out
    assert dump_database() == before
    assert not has_scratch_database(connection.settings_dict["NAME"])


def test_a_rehearsal_fails_if_anything_is_wrong(event, file, monkeypatch):
    site = connection.settings_dict["NAME"]
    call_command("backup", file, "--plain")
    monkeypatch.setattr(rehearse, "restore_backup", lambda *_arguments: restoring.Outcome(["One", "Two"], []))
    with pytest.raises(CommandError, match=r"^This is not as it should be:\nOne\nTwo$"):
        call_command("rehearse", file)
    assert not has_scratch_database(site)


def test_rows_that_are_missing_are_named(event):
    assert restoring.compare_rows({"registrations_registration": 3, "registrations_outgoingemail": 3}) == []
    assert restoring.compare_rows({"registrations_registration": 4, "nothing_like_it": 1}) == [
        "registrations_registration has 3 rows; the backup was made of 4.",
        "nothing_like_it has 0 rows; the backup was made of 1.",
    ]


def test_an_interrupted_rehearsal_leaves_no_database(event, file, monkeypatch):
    def interrupt(*_arguments):
        assert has_scratch_database(site)
        raise KeyboardInterrupt

    site = connection.settings_dict["NAME"]
    call_command("backup", file, "--plain")
    monkeypatch.setattr(restoring, "load_dump", interrupt)
    with pytest.raises(KeyboardInterrupt):
        call_command("rehearse", file)
    assert not has_scratch_database(site)
    assert event.registrations.count() == 3


def has_scratch_database(site: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [f"{site}_rehearsal"])
        return cursor.fetchone() is not None


def test_a_database_that_holds_something_is_left_alone(event, file):
    call_command("backup", file, "--plain")
    before = dump_database()
    with pytest.raises(CommandError, match=r"is not empty: it has \d+ tables and sequences\. Nothing was changed"):
        call_command("restore", file)
    assert dump_database() == before


def test_nothing_is_restored_while_others_could_send(event, file):
    call_command("backup", file, "--plain")
    with scratch_database() as name:
        connection.ensure_connection()
        other = connection.copy()
        other.settings_dict["NAME"] = name
        other.ensure_connection()
        with pytest.raises(CommandError, match="There are 1 other connections"):
            call_command("restore", file)
        with other.cursor() as cursor:
            cursor.execute("CREATE TABLE nothing_was_changed ()")
        other.close()


def test_nobody_writes_until_the_restored_database_is_on_hold(event, file, monkeypatch):
    def somebody_starts_a_sender(expected):
        sender = connection.copy()  # as the one of another process
        with pytest.raises(InternalError, match="read-only transaction"), sender.cursor() as cursor:
            cursor.execute("INSERT INTO registrations_sender (id, last_ran_at, outage_error) VALUES (1, now(), '')")
        sender.close()
        return []

    call_command("backup", file, "--plain")
    monkeypatch.setattr(restoring, "compare_rows", somebody_starts_a_sender)
    with scratch_database():
        call_command("restore", file)
        connection.close()
        assert delivery.send_due() == (0, 0)
        assert Sender.objects.get().last_ran_at
        assert Sender.objects.get().on_hold_since


def test_a_damaged_backup_restores_nothing(event, file):
    call_command("backup", file, "--plain")
    with open_archive(file, ask_passphrase=str) as archive:
        dump = archive.read("database.dump")
    edit(file, "database.dump", dump[: len(dump) // 2])
    with scratch_database():
        with pytest.raises(CommandError, match=r"pg_restore failed: .*end of file"):
            call_command("restore", file)
        assert count_tables() == 0


def test_a_backup_of_a_later_site_is_refused(event, file):
    call_command("backup", file, "--plain")
    edit_manifest(file, format=2)
    later = pytest.raises(CommandError, match="A later version of the site made this backup")
    with open_archive(file, ask_passphrase=str) as archive, later:
        restoring.read_manifest(archive)
    MigrationRecorder(connection).record_applied("registrations", "9999_from_the_future")
    with pytest.raises(CommandError, match="made this backup: registrations 9999_from_the_future"):
        restoring.require_known_migrations()


def test_what_is_wrong_is_found(event):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE registrations_outgoingemail DROP CONSTRAINT email_sent_is_not_due")
    try:
        make_registration(event, "waitlisted")
        Registration.objects.filter(email="anna@example.lv").update(erased_at=timezone.now())
        event.registrations.filter(status="confirmed").last().delete()
        event.registrations.filter(status="waitlisted").update(checked_in_at=timezone.now())

        assert find_problems() == [
            "The constraint or index email_sent_is_not_due is missing.",
            "event: 2 people wait although places are available.",
            "1 erased registrations still have personal data.",
            "event: 2 people came at another time than check-ins say.",
        ]
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE registrations_outgoingemail ADD CONSTRAINT email_sent_is_not_due "
                "CHECK (sent_at IS NULL OR next_attempt_at IS NULL)"
            )


def test_a_rehearsal_without_the_right_to_make_databases_says_how_to_get_it(event):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE without_rights NOSUPERUSER")
        try:
            cursor.execute("SET ROLE without_rights")
            with pytest.raises(CommandError, match=r"psql -c 'ALTER ROLE .* CREATEDB'"), scratch_database():
                pass
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE without_rights")
