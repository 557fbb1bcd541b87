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
        return read_text_file(file).partition("\n")[0].rstrip("\r")
    if text := os.environ.get(PASSPHRASE, ""):
        return text
    if not sys.stdin.isatty():
        return ""
    text = getpass.getpass("Passphrase of the backup: ")
    if is_new and text != getpass.getpass("The same again: "):
        raise CommandError("These are two different passphrases.")
    return text


def read_text_file(path: Path) -> str:
    """Return what is in a file that somebody has named. Raises CommandError."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"Cannot read {path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path} is not a text file in UTF-8.") from None
