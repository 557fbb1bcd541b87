"""The options by which commands are told how a backup is encrypted."""

import getpass
import os
import sys
from pathlib import Path

from django.core.management import CommandError

PASSPHRASE = "BACKUP_PASSPHRASE"  # noqa: S105 (its name)


def add_passphrase_option(parser) -> None:
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        help=f"the file whose first line is the passphrase; without it, the variable {PASSPHRASE} or a question",
    )


def add_key_options(parser) -> None:
    add_passphrase_option(parser)
    parser.add_argument("--identity", type=Path, help="the file with the age key, if the backup is encrypted to one")


def find_passphrase(file: Path | None, *, is_new: bool = False) -> str:
    """Return the passphrase; empty if there is none and nobody to ask. A new one is asked for twice."""
    if file:
        try:
            return file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
        except OSError as error:
            raise CommandError(f"Cannot read {file}: {error.strerror}.") from None
    if text := os.environ.get(PASSPHRASE, ""):
        return text
    if not sys.stdin.isatty():
        return ""
    text = getpass.getpass("Passphrase of the backup: ")
    if is_new and text != getpass.getpass("The same again: "):
        raise CommandError("These are two different passphrases.")
    return text
