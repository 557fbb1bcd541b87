"""Writes an event's registrations to a file, as the admin's export does."""

import shutil
import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from conference.models import Event
from config.private_files import open_private
from registrations.exports.access import OPERATOR_ACCESS
from registrations.exports.file_formats import TABLE_FORMATS
from registrations.exports.lists import write_registrations


class Command(BaseCommand):
    help = "Writes the registrations of one event as a table, the first registered first."

    def add_arguments(self, parser):
        parser.add_argument("event", help="the event's address, such as libraries-2027")
        parser.add_argument("--output", required=True, help="the file to write; - for standard output")
        parser.add_argument("--format", choices=TABLE_FORMATS, default="csv", help="default: %(default)s, for Excel")
        parser.add_argument("--language", default="en", help="of headers and labels; default: %(default)s")

    def handle(self, *, event, output, format, language, **options):
        try:
            event = Event.objects.get(slug=event)
        except Event.DoesNotExist:
            raise CommandError(f"There is no event “{event}”.") from None
        with translation.override(language):
            people = event.registrations.order_by("created_at", "pk")
            file, count, _columns = write_registrations(people, format, OPERATOR_ACCESS, title=str(event.title))
        with file:
            try:
                if output == "-":
                    shutil.copyfileobj(file, sys.stdout.buffer)
                else:
                    with open_private(output, "wb") as target:
                        shutil.copyfileobj(file, target)
            except OSError as error:
                raise CommandError(f"Cannot write {output}: {error.strerror}.") from None
        self.stderr.write(f"{count} registrations")
