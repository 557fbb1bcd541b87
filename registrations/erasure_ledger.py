"""A file beside the database that says what was erased, so that a restored backup does not bring it back.

A line is a moment and a keyed hash of what was erased. It has no personal data, and nobody without the site's secret
key can tell whose line it is. The file only grows; a line written twice does no harm.
"""

import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

REGISTRATION, QUESTION = "registration", "question"
LINE = re.compile(r"^\S+ ([0-9a-f]{64})$", re.MULTILINE)


def record_after_commit(kind: str, rows: list[tuple]) -> None:
    """Do what `record` does once the transaction is committed. If it fails then, the error is only logged."""

    def record_rows():
        record(kind, rows)

    transaction.on_commit(record_rows, robust=True)


def record(kind: str, rows: Iterable[tuple]) -> int:
    """Write down that these rows of this `kind` were erased, unless it is known; returns how many were not.

    A row is a tuple of what identifies it for ever: not only its number, which another may get after a restore.
    """
    known = parse(read())
    hashes = [one for row in rows if (one := compute_hash(kind, row)) not in known]
    if hashes:
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        append("".join(f"{moment} {one}\n" for one in hashes))
    return len(hashes)


def compute_hash(kind: str, row: tuple, secret_key: str | None = None) -> str:
    """Return the hash of a row, by the `secret_key` of another site or by this one's."""
    parts = [part.astimezone(UTC).isoformat() if isinstance(part, datetime) else str(part) for part in row]
    return salted_hmac(f"erased {kind}", " ".join(parts), secret_key, algorithm="sha256").hexdigest()


def read() -> str:
    """Return the whole file; nothing if there is none yet."""
    try:
        return Path(settings.ERASURE_LEDGER).read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return ""


def parse(text: str) -> set[str]:
    """Return the hashes in the text of a ledger, without lines that were only half written."""
    return set(LINE.findall(text))


def append(lines: str) -> None:
    """Write to the end of the file, which only its owner may read, and onto the disk."""
    path = Path(settings.ERASURE_LEDGER)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
    with os.fdopen(os.open(path, flags, mode=0o600), "r+b", buffering=0) as file:
        if os.geteuid() == 0:  # the site writes to it too
            owner = path.parent.stat()
            os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
        if file.seek(0, os.SEEK_END) and os.pread(file.fileno(), 1, file.tell() - 1) != b"\n":
            lines = f"\n{lines}"  # after a line that was only half written
        file.write(lines.encode())
        os.fsync(file.fileno())
