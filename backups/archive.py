"""The file of a backup: a ZIP archive whose members are encrypted with age, if a key or a passphrase is given.

Common tools open it too: unzip, age, pg_restore. With a passphrase, `identity.age` has the key of all other members.
"""

import io
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyrage
from django.core.management import CommandError

from backups.passphrases import read_text_file

IDENTITY = "identity.age"
ENCRYPTED = ".age"


class ArchiveWriter:
    def __init__(self, archive: zipfile.ZipFile, recipient: pyrage.x25519.Recipient | None):
        self.archive, self.recipient = archive, recipient

    def add(self, name: str, source: BinaryIO) -> None:
        """Add what can be read from `source`, a piece at a time."""
        name += ENCRYPTED if self.recipient else ""
        with self.archive.open(name, "w", force_zip64=True) as member:
            if self.recipient:
                pyrage.encrypt_io(source, member, [self.recipient])
            else:
                shutil.copyfileobj(source, member)


class ArchiveReader:
    def __init__(self, archive: zipfile.ZipFile, identities: list[pyrage.x25519.Identity]):
        self.archive, self.identities = archive, identities

    def copy(self, name: str, target: BinaryIO) -> None:
        """Write a member to `target`, a piece at a time."""
        name += ENCRYPTED if self.identities else ""
        if name not in self.archive.namelist():
            raise CommandError(f"{self.archive.filename} is not a backup of this site: it has no {name}.")
        with self.archive.open(name) as member:
            if self.identities:
                decrypt(member, target, self.identities)
            else:
                shutil.copyfileobj(member, target)

    def read(self, name: str) -> bytes:
        content = io.BytesIO()
        self.copy(name, content)
        return content.getvalue()


def decrypt(source: BinaryIO, target: BinaryIO, identities: list[pyrage.x25519.Identity]) -> None:
    try:
        pyrage.decrypt_io(source, target, identities)
    except pyrage.DecryptError as error:
        raise CommandError(f"The backup cannot be decrypted: {error}.") from None
    except OSError as error:
        if error.errno:  # of reading or writing
            raise
        raise CommandError(f"The backup is damaged, and cannot be decrypted: {error}.") from None


@contextmanager
def create_archive(path: Path, *, recipient: str = "", passphrase: str = "") -> Iterator[ArchiveWriter]:
    """Yield an archive to fill, only for its owner to read. It gets its name once it is complete and on the disk."""
    key = read_recipient(recipient) if recipient else None
    identity = pyrage.x25519.Identity.generate() if passphrase else None
    # Its ending is the same, so that what deletes old backups finds it too, if the machine stops now.
    partial = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600), "wb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                if identity:
                    archive.writestr(IDENTITY, pyrage.passphrase.encrypt(str(identity).encode(), passphrase))
                    key = identity.to_public()
                yield ArchiveWriter(archive, key)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
        sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def open_archive(
    path: Path, *, identity_file: Path | None = None, ask_passphrase: Callable[[], str]
) -> Iterator[ArchiveReader]:
    """Yield the archive to read, with the key in `identity_file` or the passphrase, whichever it needs."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise CommandError(f"Cannot read {path}: {error.strerror}.") from None
    try:
        with file, zipfile.ZipFile(file) as archive:
            yield ArchiveReader(archive, find_identities(archive, identity_file, ask_passphrase))
    except zipfile.BadZipFile as error:
        raise CommandError(f"{path} is not a whole backup: {error}.") from None


def find_identities(
    archive: zipfile.ZipFile, identity_file: Path | None, ask_passphrase: Callable[[], str]
) -> list[pyrage.x25519.Identity]:
    """Return the keys that open the members; none if these are not encrypted."""
    names = archive.namelist()
    if IDENTITY in names:
        if not (passphrase := ask_passphrase()):
            raise CommandError(
                "The backup is encrypted with a passphrase: give the file that has it with --passphrase-file."
            )
        try:
            key = pyrage.passphrase.decrypt(archive.read(IDENTITY), passphrase)
        except pyrage.DecryptError:
            raise CommandError("The passphrase is wrong.") from None
        return [pyrage.x25519.Identity.from_str(key.decode())]
    if not any(name.endswith(ENCRYPTED) for name in names):
        return []
    if identity_file is None:
        raise CommandError("The backup is encrypted to an age key: give the file that has it with --identity.")
    return read_identities(identity_file)


def read_identities(file: Path) -> list[pyrage.x25519.Identity]:
    lines = [line.strip() for line in read_text_file(file).splitlines()]
    try:
        identities = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError:
        identities = []
    if not identities:
        raise CommandError(f"{file} has no age key: a line that starts with AGE-SECRET-KEY-.")
    return identities


def read_recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise CommandError(f"An age recipient starts with age1; {text!r} is none.") from None


def sync_folder(folder: Path) -> None:
    """Put the folder's list of files onto the disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
