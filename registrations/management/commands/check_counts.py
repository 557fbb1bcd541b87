"""Compares the counts of places with the registrations."""

from django.core.management.base import BaseCommand, CommandError

from registrations import operations


class Command(BaseCommand):
    help = (
        "Compares the stored counts of places and of limited choices with the registrations, and fails if one differs. "
        "With --repair, corrects them. send_emails --watch does so each hour."
    )

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help="correct what differs, under the event's lock")

    def handle(self, *, repair, **options):
        try:
            wrong = operations.correct_counts() if repair else operations.find_wrong_counts()
        except operations.Busy:
            raise CommandError("An event is being changed. What is left can be corrected in a minute.") from None
        for one in wrong:
            self.stdout.write(f"{one}{' (corrected)' if repair else ''}")
        if wrong and not repair:
            raise CommandError(f"{len(wrong)} counts differ. --repair corrects them.")
        self.stdout.write("All counts are right." if not wrong else f"{len(wrong)} counts were corrected.")
