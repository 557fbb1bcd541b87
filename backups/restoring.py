"""Restoring a backup into the database that this process is connected to, and whether the result can be relied on."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from attendance.roster import renew_transaction_numbers
from backups.archive import ArchiveReader
from backups.creation import DUMP, FORMAT, LEDGER, MANIFEST
from backups.postgresql import count_rows, run_program
from backups.verification import find_overbooked_events, find_problems
from conference.database_clock import read_database_clock
from registrations import erasure_ledger, operations
from registrations.mail import outbox
from registrations.models import OutgoingEmail, Question, Registration
from registrations.privacy import erase_again, erase_due_needs


class Outcome(NamedTuple):
    """What is wrong with the restored database, and what its administrator should know, in sentences."""

    problems: list[str]
    notes: list[str]


def read_manifest(archive: ArchiveReader) -> dict:
    try:
        manifest = json.loads(archive.read(MANIFEST))
        made_by = int(manifest["format"])
    except (ValueError, TypeError, KeyError):
        raise CommandError("This is not a backup of this site: its manifest.json cannot be read.") from None
    if made_by > FORMAT:
        raise CommandError("A later version of the site made this backup. Install that version first.")
    return manifest


def restore_backup(archive: ArchiveReader, tell: Callable[[str], None]) -> Outcome:
    """Restore and migrate the database; nothing is sent, and whoever was erased since is erased again.

    Each step tells how long it took. Raises CommandError if a step fails. The database must be empty, and nobody else
    may be able to write to it.
    """
    manifest = read_manifest(archive)
    with timed("Restored the database", tell):
        load_dump(archive)
        require_known_migrations()
        problems = compare_rows(manifest["rows"])
    with timed("Migrated it", tell):
        call_command("migrate", interactive=False, verbosity=0)
        outbox.hold_outbox()
        renew_transaction_numbers()
        # The time in which nobody could confirm a place is not theirs.
        operations.prolong_holds(read_database_clock() - read_moment(manifest))
    waiting = outbox.count_waiting(OutgoingEmail.objects.all())
    with timed("Erased again what was erased", tell):
        erased = replay_erasures(archive, manifest)
    with timed("Checked it", tell):
        problems += find_problems()
    return Outcome(problems, describe(manifest, waiting, erased))


@contextmanager
def timed(done: str, tell: Callable[[str], None]) -> Iterator[None]:
    start = time.monotonic()
    yield
    tell(f"{done}: {time.monotonic() - start:.1f} s")


def read_moment(manifest: dict) -> datetime:
    return datetime.fromisoformat(manifest["made_at"])


def load_dump(archive: ArchiveReader) -> None:
    """Have pg_restore load everything or nothing."""
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-acl"]
    with run_program("pg_restore", *options, may_write=True, stdin=subprocess.PIPE) as process:
        archive.copy(DUMP, process.stdin)


def require_known_migrations() -> None:
    loader = MigrationLoader(connection)
    if unknown := sorted(set(loader.applied_migrations) - set(loader.disk_migrations)):
        names = ", ".join(f"{app} {name}" for app, name in unknown)
        raise CommandError(f"A later version of the site made this backup: {names}. Install that version first.")


def compare_rows(expected: dict[str, int]) -> list[str]:
    found = count_rows()
    return [
        f"{table} has {found.get(table, 0)} rows; the backup was made of {number}."
        for table, number in expected.items()
        if found.get(table, 0) != number
    ]


def replay_erasures(archive: ArchiveReader, manifest: dict) -> int:
    """Erase whom the ledger here or the one in the backup names; returns how many."""
    hashes = erasure_ledger.parse(erasure_ledger.read()) | read_hashes(archive)
    erased = sum(erase_again(hashes, key) for key in list_keys(manifest))
    erase_due_needs(read_database_clock())
    return erased


def list_keys(manifest: dict) -> set[str]:
    """Return the keys by which erasures may have been written down: this site's, earlier ones and the backup's."""
    return {settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS, manifest["secrets"]["SECRET_KEY"]}


def read_hashes(archive: ArchiveReader) -> set[str]:
    return erasure_ledger.parse(archive.read(LEDGER).decode("ascii", errors="replace"))


def describe(manifest: dict, waiting: list[tuple[str, int]], erased: int) -> list[str]:
    """Say what is there, what is not, and what to do next."""
    made_at = timezone.localtime(read_moment(manifest))
    due = ", ".join(f"{number} × {kind}" for kind, number in waiting) or "none"
    notes = [
        f"The backup was made at {made_at:%Y-%m-%d %H:%M %Z} of {manifest['site_url']}. What people did later is lost, "
        "users have the passwords and permissions of then, and personal links that were replaced since work again.",
        f"Registrations: {Registration.objects.count()}, of them erased again now: {erased}.",
        f"E-mails that were waiting then: {due}. Nothing is sent until you decide in the admin, or with "
        "manage.py resume_emails [--discard-before].",
    ]
    notes += find_overbooked_events()
    if questions := find_erased_questions(list_keys(manifest)):
        notes.append(f"These questions were erased later and are back; erase them again: {', '.join(questions)}.")
    if manifest["secrets"]["SECRET_KEY"] != settings.SECRET_KEY:
        notes.append(
            "The backup has another SECRET_KEY: links in e-mails that were sent, authenticator apps and recovery codes "
            "do not work with this site's. Restore with --write-secrets to have it in .env."
        )
    return notes


def find_erased_questions(keys: set[str]) -> list[str]:
    hashes = erasure_ledger.parse(erasure_ledger.read())
    questions = Question.objects.select_related("event").order_by("pk")
    return [
        f"“{one}” of {one.event.slug}"
        for one in questions
        if any(
            erasure_ledger.compute_hash(erasure_ledger.QUESTION, (one.pk, one.event_id, one.key), key) in hashes
            for key in keys
        )
    ]


def report(outcome: Outcome, tell: Callable[[str], None]) -> None:
    """Tell the notes, then the problems. Raises CommandError if there are any."""
    for line in outcome.notes:
        tell(line)
    if outcome.problems:
        raise CommandError("\n".join(["This is not as it should be:", *outcome.problems]))
