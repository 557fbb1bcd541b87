"""Writing a backup: the database as it is at one moment, and what else a restore needs."""

import io
import json
import subprocess
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from backups.archive import ArchiveWriter, create_archive
from backups.postgresql import count_rows, run_program
from registrations import erasure_ledger

FORMAT = 1
MANIFEST, LEDGER, DUMP = "manifest.json", "erasures.ledger", "database.dump"
# After a restore everybody logs in again.
SESSIONS = "django_session"


class CheckedDump:
    """What pg_dump writes, to be read, while pg_restore reads it too and fails if anything is wrong with it."""

    def __init__(self, dump: subprocess.Popen, check: subprocess.Popen):
        self.dump, self.check = dump, check

    def read(self, size: int = -1) -> bytes:
        piece = self.dump.stdout.read(size)
        self.check.stdin.write(piece)
        return piece


def write_backup(path: Path, *, recipient: str = "", passphrase: str = "") -> dict[str, int]:
    """Write the database, the secret key and the ledger of erasures; returns how many rows each table has."""
    with create_archive(path, recipient=recipient, passphrase=passphrase) as archive, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_export_snapshot(), clock_timestamp(), current_setting('server_version')")
            snapshot, made_at, version = cursor.fetchone()
        rows = {table: number for table, number in count_rows().items() if table != SESSIONS}
        manifest = {
            "format": FORMAT,
            "made_at": made_at.isoformat(timespec="seconds"),
            "postgresql": version,
            "site_url": settings.SITE_URL,
            "secrets": {"SECRET_KEY": settings.SECRET_KEY},
            "rows": rows,
        }
        archive.add(MANIFEST, io.BytesIO(json.dumps(manifest, indent=1).encode()))
        archive.add(LEDGER, io.BytesIO(erasure_ledger.read().encode()))
        add_dump(archive, snapshot)
    return rows


def add_dump(archive: ArchiveWriter, snapshot: str) -> None:
    options = ["--format=custom", f"--snapshot={snapshot}", f"--exclude-table-data={SESSIONS}"]
    check_pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL}
    with (
        run_program("pg_restore", "--file=-", on_database=False, **check_pipes) as check,
        run_program("pg_dump", *options, stdout=subprocess.PIPE) as dump,
    ):
        archive.add(DUMP, CheckedDump(dump, check))
