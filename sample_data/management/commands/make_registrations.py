"""Fills an event with sample people."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from conference.models import Event
from sample_data.generator import make_registrations
from sample_data.sample_people import NOTE


class Command(BaseCommand):
    help = (
        "Adds registrations of sample people to an event, without any e-mail. It refuses if anybody else is registered "
        "and, with DEBUG off, without --yes."
    )

    def add_arguments(self, parser):
        parser.add_argument("event", help="the event's address, such as libraries-2027")
        parser.add_argument("number", type=int, help="how many; 1 to 1000000")
        parser.add_argument("--seed", type=int, default=1, help="another seed makes other people; default: %(default)s")
        parser.add_argument("--yes", action="store_true", help="add them although DEBUG is off")

    def handle(self, *, event, number, seed, yes, **options):
        if not 1 <= number <= 1_000_000:
            raise CommandError(f"The number must be from 1 to 1000000, not {number}.")
        try:
            event = Event.objects.select_related("venue").get(slug=event)
        except Event.DoesNotExist:
            raise CommandError(f"There is no event “{event}”.") from None
        if not settings.DEBUG and not yes:
            raise CommandError("DEBUG is off, so this may be a production site. Say --yes to add sample people here.")
        if real := event.registrations.exclude(internal_note=NOTE).count():
            raise CommandError(f"“{event.slug}” has {real} registrations of real people. None was added.")
        counted = make_registrations(event, number, seed=seed)
        self.stdout.write(", ".join(f"{status}: {found}" for status, found in counted.items()))
