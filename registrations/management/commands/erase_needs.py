"""Erases dietary and access needs of events that are over."""

from django.core.management.base import BaseCommand, CommandError

from conference.database_clock import read_database_clock
from registrations import operations
from registrations.privacy import erase_due_needs


class Command(BaseCommand):
    help = (
        "Erases the answers to questions about dietary and access needs, of everybody who registered, also of those "
        "who cancelled, once an event has been over for as many days as it keeps them. send_emails does so each hour."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count them")

    def handle(self, *, dry_run, **options):
        done = "would be erased" if dry_run else "erased"
        try:
            erased = erase_due_needs(read_database_clock(), dry_run=dry_run)
        except operations.Busy:
            raise CommandError("An event is being changed. What is left can be erased in a minute.") from None
        for event, number in erased.items():
            self.stdout.write(f"{event.slug}: needs of {number} registrations {done}")
