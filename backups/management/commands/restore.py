"""Restores a backup into the site's empty database."""

import re
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from backups.archive import open_archive
from backups.passphrases import add_key_options, find_passphrase
from backups.postgresql import closed_to_others, count_tables
from backups.restoring import read_manifest, report, restore_backup
from conference.checks import check_encoding


class Command(BaseCommand):
    help = (
        "Restores FILE into the site's database, which must be empty, and migrates it. Whoever was erased since is "
        "erased again, and no e-mail is sent before you agree. Stop the site and the senders before."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        add_key_options(parser)
        parser.add_argument("--write-secrets", action="store_true", help="write the backup's SECRET_KEY to .env")

    def handle(self, *, file, identity, passphrase_file, write_secrets, **options):
        require_empty_database()
        ask_passphrase = partial(find_passphrase, passphrase_file)
        with open_archive(file, identity_file=identity, ask_passphrase=ask_passphrase) as archive:
            manifest = read_manifest(archive)
            if write_secrets:
                settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
                settings.SECRET_KEY = manifest["secrets"]["SECRET_KEY"]
            with closed_to_others():
                outcome = restore_backup(archive, self.stdout.write)
        try:
            if write_secrets:
                write_variable(settings.BASE_DIR / ".env", "SECRET_KEY", settings.SECRET_KEY)
        finally:
            report(outcome, self.stdout.write)


def require_empty_database() -> None:
    name = connection.settings_dict["NAME"]
    if errors := check_encoding(databases=["default"]):
        raise CommandError(errors[0].msg)
    if number := count_tables():
        raise CommandError(
            f"The database “{name}” is not empty: it has {number} tables and sequences. Nothing was changed. "
            "Create an empty one, and name it in DATABASE_URL."
        )


def write_variable(path: Path, name: str, value: str) -> None:
    """Give the variable this value in the file, and leave the rest, the owner and the permissions as they are."""
    try:
        path.touch(mode=0o600)
        text = path.read_text(encoding="utf-8")
        line = f"{name}='{value}'"
        replaced, number = re.subn(rf"(?m)^(export )?{name}=.*$", lambda _match: line, text)
        path.write_text(replaced if number else f"{text.rstrip()}\n{line}\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"Cannot write {path}: {error.strerror}.") from None
