"""Lets e-mail be sent again after the database was restored from a backup."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from registrations.mail.outbox import get_hold, resume_outbox

RESTORE = "restore"


class Command(BaseCommand):
    help = (
        "After a restore, no e-mail is sent until somebody agrees. This sends all that wait. With --discard-before, "
        "those that were queued before the backup was made are not sent: they may have been sent since."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--discard-before",
            nargs="?",
            const=RESTORE,
            metavar="MOMENT",
            help="discard what was queued before, such as 2027-05-01T12:00; without a moment: what the backup held",
        )

    def handle(self, *, discard_before, **options):
        on_hold_since = get_hold()
        if not on_hold_since:
            raise CommandError("E-mail is not on hold.")
        moment = on_hold_since if discard_before == RESTORE else parse_moment(discard_before)
        discarded, waiting = resume_outbox(discard_before=moment)
        self.stdout.write(f"Discarded: {discarded}, to be sent: {waiting}")


def parse_moment(text: str | None):
    if text is None:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(f"A moment is written like 2027-05-01T12:00, not {text!r}.")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
