"""Writes everything that a restore needs to one file."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from backups.creation import write_backup
from backups.passphrases import PASSPHRASE, add_passphrase_option, find_passphrase
from backups.termination import ended_by_sigterm

RECIPIENT = "BACKUP_RECIPIENT"


class Command(BaseCommand):
    help = (
        "Writes the database, the secret key that links in e-mails depend on, and the ledger of erasures to FILE, "
        "as they are at one moment, while the site goes on. The file is encrypted with age."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--recipient",
            default=os.environ.get(RECIPIENT, ""),
            help=f"encrypt it to this age key (age1…), with no secret here; default: the variable {RECIPIENT}",
        )
        add_passphrase_option(parser)
        parser.add_argument("--plain", action="store_true", help="do not encrypt it")

    def handle(self, *, file, recipient, passphrase_file, plain, **options):
        if plain or passphrase_file:
            recipient = ""
        passphrase = "" if plain or recipient else find_passphrase(passphrase_file, is_new=True)
        if not (plain or recipient or passphrase):
            raise CommandError(
                "Everybody's data and the secret key are in a backup. Encrypt it with --recipient or "
                f"{RECIPIENT}, --passphrase-file or {PASSPHRASE}; or say --plain."
            )
        try:
            with ended_by_sigterm():
                rows = write_backup(file, recipient=recipient, passphrase=passphrase)
        except OSError as error:
            raise CommandError(f"The backup was not made: {error}") from None  # may be of the ledger
        size = file.stat().st_size / 1_000_000
        number = rows["registrations_registration"]
        self.stdout.write(f"{file}: {number} registrations, {size:.1f} MB, {'not ' if plain else ''}encrypted")
