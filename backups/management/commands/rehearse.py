"""Restores a backup for a try."""

import time
from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand

from backups.archive import open_archive
from backups.passphrases import add_key_options, find_passphrase
from backups.postgresql import scratch_database
from backups.restoring import report, restore_backup
from backups.termination import ended_by_sigterm


class Command(BaseCommand):
    help = (
        "Does all that restore does with FILE, in a database of its own that is dropped afterwards, and tells how "
        "long each step took. It fails if the backup could not be relied on. The site goes on meanwhile."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        add_key_options(parser)

    def handle(self, *, file, identity, passphrase_file, **options):
        start = time.monotonic()
        ask_passphrase = partial(find_passphrase, passphrase_file)
        with (
            ended_by_sigterm(),
            open_archive(file, identity_file=identity, ask_passphrase=ask_passphrase) as archive,
            scratch_database(),
        ):
            report(restore_backup(archive, self.stdout.write), self.stdout.write)
        self.stdout.write(f"The backup can be relied on. All together: {time.monotonic() - start:.1f} s")
