"""Loads the sample conference."""

from datetime import date, datetime, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from conference.models import AccessibilityStatement, Event, Sector, Venue
from conference.sample_event import read_sample

ASSUMPTIONS = (
    "Not in the announcement, so assumed: 10:00 to 17:00, 200 places, a waiting list, "
    "registration until the end of the day two days before. Organisers change them in the admin."
)
STATEMENT_NOTE = (
    "Loaded an accessibility statement. It is a sample: review it in the admin before the site is announced."
)


class Command(BaseCommand):
    help = (
        "Loads the example conference and accessibility statement. Run again, it changes nothing that is there: "
        "--replace sets everything back to the example, --date sets the conference's date alone. Registrations "
        "stay in either case."
    )

    def add_arguments(self, parser):
        parser.add_argument("--date", help="the day it is held, as YYYY-MM-DD; else the next 19 September")
        parser.add_argument("--replace", action="store_true", help="overwrite what organisers changed")

    @transaction.atomic
    def handle(self, *, date, replace, **options):
        day = None if date is None else parse_date(date)
        if replace or not AccessibilityStatement.objects.exists():
            today = timezone.localdate()
            dates = {"prepared_on": today, "reviewed_on": today}
            statement = AccessibilityStatement.objects.first() or AccessibilityStatement()
            save_values(statement, read_sample()["accessibility_statement"] | dates)
            self.stdout.write(STATEMENT_NOTE)
        event = Event.objects.filter(slug=read_sample()["event"]["slug"]).first()
        if replace or not event:
            event = load_event(read_sample(), event or Event(), day or get_next_19_september())
            self.stdout.write(ASSUMPTIONS)
            outcome = "Loaded"
        elif day:
            set_date(event, day)
            event.save()
            outcome = "Moved"
        else:
            return f"“{event.slug}” is there already and was left as it is (--replace sets it back)."
        return f"{outcome} “{event.slug}”, held on {event.starts_at.astimezone(event.zone):%Y-%m-%d}."


def parse_date(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a date has no zone)
    except ValueError:
        raise CommandError(f"--date is written YYYY-MM-DD, such as 2014-09-19, not “{text}”.") from None


def get_next_19_september() -> date:
    this_year = timezone.localdate().replace(month=9, day=19)
    return this_year if this_year > timezone.localdate() else this_year.replace(year=this_year.year + 1)


def load_event(example: dict, event: Event, day: date) -> Event:
    """Write the sample to `event`, new or existing. Existing topics are updated, so references to them stay valid."""
    venue = event.venue if event.venue_id else Venue()
    save_values(venue, example["venue"])
    event.venue = venue
    event.time_zone = example["event"]["time_zone"]
    set_date(event, day)
    save_values(event, example["event"])
    if not event.sectors.exists():
        Sector.objects.create_defaults(event)
    for existing, rows in ((event.topics, example["topics"]), (event.partners, example["partners"])):
        items = list(existing.all())
        for position, row in enumerate(rows):
            item = items.pop(0) if items else existing.model(event=event)
            save_values(item, {**row, "position": position})
        for surplus in items:
            surplus.delete()
    return event


def save_values(item, values: dict) -> None:
    for name, value in values.items():
        setattr(item, name, value)
    item.full_clean()
    item.save()


def set_date(event: Event, day: date) -> None:
    """Hold `event` on `day` from 10:00 to 17:00 in its zone, with registration open until two days before."""
    midnight = datetime.combine(day, datetime.min.time(), tzinfo=event.zone)
    event.starts_at, event.ends_at = midnight.replace(hour=10), midnight.replace(hour=17)
    event.registration_opens_at = None
    event.registration_closes_at = (midnight - timedelta(days=2)).replace(hour=23, minute=59)
