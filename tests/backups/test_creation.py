"""What `manage.py backup` writes: one consistent moment, encrypted, whole or not at all."""

import io
import json
import signal
import stat
import subprocess
import zipfile

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from backups import creation, postgresql
from backups.archive import create_archive, open_archive
from backups.passphrases import find_passphrase
from backups.restoring import read_manifest
from backups.termination import ended_by_sigterm

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "site.backup"


def forbid_asking() -> str:
    raise AssertionError("asked for a passphrase")


def write(file, content: bytes = b"everybody's data", **key) -> None:
    with create_archive(file, **key) as archive:
        archive.add("database.dump", io.BytesIO(content))


def read(file, **key) -> bytes:
    with open_archive(file, **{"ask_passphrase": forbid_asking, **key}) as archive:
        return archive.read("database.dump")


@pytest.mark.slow
@pytest.mark.proof
def test_a_passphrase_opens_what_it_closed(file):
    write(file, passphrase=PASSPHRASE)
    assert b"everybody" not in file.read_bytes()
    assert read(file, ask_passphrase=lambda: PASSPHRASE) == b"everybody's data"


def test_a_wrong_passphrase_is_named(file, monkeypatch):
    def refuse(_content, passphrase):
        assert passphrase == "correct horse"
        raise pyrage.DecryptError

    monkeypatch.setattr("pyrage.passphrase.encrypt", lambda content, _passphrase: content)  # which takes its time
    monkeypatch.setattr("pyrage.passphrase.decrypt", refuse)
    write(file, passphrase=PASSPHRASE)
    with pytest.raises(CommandError, match="The passphrase is wrong"):
        read(file, ask_passphrase=lambda: "correct horse")


def test_an_age_key_opens_what_was_encrypted_to_it(file, tmp_path):
    identity, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    write(file, recipient=str(identity.to_public()))
    assert b"everybody" not in file.read_bytes()
    keys = tmp_path / "key.txt"
    keys.write_text(f"# created: 2027-01-01\n# public key: {identity.to_public()}\n{identity}\n")
    assert read(file, identity_file=keys) == b"everybody's data"
    keys.write_text(f"{other}\n")
    with pytest.raises(CommandError, match="The backup cannot be decrypted: No matching keys found"):
        read(file, identity_file=keys)
    keys.write_text("age1…\n")
    with pytest.raises(CommandError, match="has no age key"):
        read(file, identity_file=keys)
    with pytest.raises(CommandError, match="give the file that has it with --identity"):
        read(file)
    with pytest.raises(CommandError, match="'age2' is none"):
        write(file, recipient="age2")


def test_common_tools_open_it_too(file):
    identity = pyrage.x25519.Identity.generate()
    write(file, recipient=str(identity.to_public()))
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["database.dump.age"]
        assert pyrage.decrypt(archive.read("database.dump.age"), [identity]) == b"everybody's data"


@pytest.mark.parametrize(
    "damage", [lambda content: content[:-30], lambda content: content.replace(b"data", b"dada", 1)]
)
def test_a_damaged_file_is_no_backup(file, damage):
    write(file)
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(CommandError, match="is not a whole backup"):
        read(file)


def test_a_damaged_file_is_no_backup_when_it_is_encrypted_either(file, tmp_path):
    identity, keys = pyrage.x25519.Identity.generate(), tmp_path / "key.txt"
    keys.write_text(str(identity))
    write(file, b"everybody's data" * 10_000, recipient=str(identity.to_public()))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(CommandError, match="The backup is damaged, and cannot be decrypted"):
        read(file, identity_file=keys)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("word/document.xml", b"<w/>", "is not a backup of this site: it has no manifest.json"),
        ("manifest.json", b"{", "its manifest.json cannot be read"),
        ("manifest.json", b"[1]", "its manifest.json cannot be read"),
        ("manifest.json", b'{"format": null}', "its manifest.json cannot be read"),
    ],
)
def test_another_archive_is_no_backup(file, name, content, said):
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    with open_archive(file, ask_passphrase=forbid_asking) as archive, pytest.raises(CommandError, match=said):
        read_manifest(archive)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, r"Cannot read .*key\.txt: No such file"),
        (b"# public key: age1\n", r"key\.txt has no age key"),
        (b"\xff\xfe", r"key\.txt is not a text file in UTF-8"),
    ],
)
def test_a_file_without_a_key_is_named(file, tmp_path, content, said):
    keys = tmp_path / "key.txt"
    if content is not None:
        keys.write_bytes(content)
    write(file, recipient=str(pyrage.x25519.Identity.generate().to_public()))
    with pytest.raises(CommandError, match=said):
        read(file, identity_file=keys)


def test_who_gives_no_passphrase_is_not_told_that_it_is_wrong(file, monkeypatch):
    monkeypatch.setattr("pyrage.passphrase.encrypt", lambda content, _passphrase: content)  # which takes its time
    write(file, passphrase=PASSPHRASE)
    with pytest.raises(CommandError, match="give the file that has it with --passphrase-file"):
        read(file, ask_passphrase=str)


def test_a_file_that_is_not_there_is_named(file):
    with pytest.raises(CommandError, match=r"Cannot read .*site\.backup: No such file or directory"):
        read(file)


class Interrupted:
    """A dump during which somebody presses Ctrl-C, or stops the process."""

    def __init__(self, file, number):
        self.file, self.number = file, number

    def read(self, _size):
        (partial,) = set(self.file.parent.iterdir()) - {self.file}
        assert stat.S_IMODE(partial.stat().st_mode) == 0o600
        assert partial.suffix == self.file.suffix
        signal.raise_signal(self.number)


@pytest.mark.parametrize(("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)])
def test_only_its_owner_reads_a_backup_and_an_interrupted_one_leaves_nothing(file, number, error):
    write(file, b"of yesterday")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(error), ended_by_sigterm(), create_archive(file) as archive:
        archive.add("database.dump", Interrupted(file, number))
    assert list(file.parent.iterdir()) == [file]
    assert read(file) == b"of yesterday"


def test_nothing_is_written_unencrypted_unless_that_is_asked_for(file, monkeypatch):
    monkeypatch.delenv("BACKUP_PASSPHRASE", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError, match="Encrypt it with --recipient"):
        call_command("backup", file)
    assert not file.exists()


def test_the_passphrase_comes_from_a_file_the_environment_or_the_terminal(tmp_path, monkeypatch):
    secret = tmp_path / "passphrase"
    secret.write_text(f"{PASSPHRASE}\n")
    assert find_passphrase(secret) == PASSPHRASE
    with pytest.raises(CommandError, match=r"Cannot read .*: No such file or directory"):
        find_passphrase(tmp_path / "none")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    answers = iter(["typed", "typed", "typed", "tpyed"])
    monkeypatch.setattr("getpass.getpass", lambda _question: next(answers))
    assert find_passphrase(None, is_new=True) == "typed"
    with pytest.raises(CommandError, match="two different passphrases"):
        find_passphrase(None, is_new=True)
    monkeypatch.setenv("BACKUP_PASSPHRASE", PASSPHRASE)
    assert find_passphrase(None) == PASSPHRASE


@pytest.mark.django_db(transaction=True)
def test_the_secret_key_is_encrypted_in_it_and_the_database_password_is_not_in_it(event, file, tmp_path, settings):
    identity = pyrage.x25519.Identity.generate()
    call_command("backup", file, "--recipient", str(identity.to_public()))
    assert b"SECRET_KEY" not in file.read_bytes()
    keys = tmp_path / "key.txt"
    keys.write_text(str(identity))
    with open_archive(file, identity_file=keys, ask_passphrase=forbid_asking) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["secrets"] == {"SECRET_KEY": settings.SECRET_KEY}
    assert list(manifest) == ["format", "made_at", "postgresql", "site_url", "secrets", "rows"]


@pytest.mark.django_db(transaction=True)
def test_who_registers_meanwhile_is_neither_counted_nor_there(event, file, monkeypatch):
    def count_before_somebody_comes():
        counted = postgresql.count_rows()
        other = connection.copy()  # a visitor's
        with other.cursor() as cursor:
            cursor.execute("UPDATE registrations_registration SET first_name = 'Late' WHERE first_name = 'Anna'")
            cursor.execute("DELETE FROM registrations_outgoingemail")
        other.close()
        return counted

    monkeypatch.setattr(creation, "count_rows", count_before_somebody_comes)
    rows = creation.write_backup(file)
    assert (rows["registrations_registration"], rows["registrations_outgoingemail"]) == (3, 3)
    with open_archive(file, ask_passphrase=str) as archive:
        script = subprocess.run(
            [postgresql.find_program("pg_restore"), "--data-only", "--file=-"],
            input=archive.read("database.dump"),
            capture_output=True,
            check=True,
        ).stdout.decode()
    assert "\tAnna\t" in script
    assert "\tLate\t" not in script


@pytest.mark.django_db(transaction=True)
def test_sessions_are_left_out(event, file, client, admin_user):
    client.force_login(admin_user)
    assert "django_session" not in creation.write_backup(file)
    with open_archive(file, ask_passphrase=str) as archive:
        assert client.session.session_key.encode() not in archive.read("database.dump")


@pytest.mark.django_db
def test_a_dump_that_fails_is_no_backup(file):
    failure = pytest.raises(CommandError, match="pg_dump failed: pg_dump: error")
    with failure, create_archive(file) as archive:
        creation.add_dump(archive, snapshot="of-no-transaction")
    assert not file.exists()


@pytest.mark.django_db(transaction=True)
def test_a_dump_that_pg_restore_cannot_read_is_no_backup(event, file, monkeypatch):
    run_program = creation.run_program

    def run_something_else(name, *options, **more):
        if name == "pg_dump":
            options = ("--format=plain",)  # which pg_restore refuses
        return run_program(name, *options, **more)

    monkeypatch.setattr(creation, "run_program", run_something_else)
    with pytest.raises(CommandError, match="pg_restore failed: pg_restore: error: input file appears to be a text"):
        creation.write_backup(file)
    assert not file.exists()


@pytest.mark.django_db
def test_the_password_is_not_in_the_list_of_processes(monkeypatch):
    started = []
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "s3cret@/#")
    monkeypatch.setattr(postgresql, "find_program", lambda _name: "/bin/true")
    popen = subprocess.Popen

    def start(command, **more):
        started.append((command, more))
        return popen(command, **more)

    monkeypatch.setattr(subprocess, "Popen", start)
    with postgresql.run_program("pg_dump"):
        pass
    ((command, more),) = started
    assert "s3cret" not in str(command)
    assert f"dbname={connection.settings_dict['NAME']}" in str(command)
    assert more["env"]["PGPASSWORD"] == "s3cret@/#"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("installed", "chosen"),
    [({"a": 14, "b": 15, "c": 18}, "b"), ({"a": 18, "b": 17}, "b"), ({"a": 14}, None), ({}, None)],
)
def test_the_program_is_of_the_servers_version_or_the_next(monkeypatch, installed, chosen):
    monkeypatch.setitem(vars(connection), "pg_version", 150018)
    monkeypatch.setattr(postgresql, "list_programs", lambda _name: list(installed))
    monkeypatch.setattr(postgresql, "get_version", installed.get)
    if chosen:
        assert postgresql.find_program("pg_dump") == chosen
    else:
        with pytest.raises(CommandError, match="apt install postgresql-client-15"):
            postgresql.find_program("pg_dump")
