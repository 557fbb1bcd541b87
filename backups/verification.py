"""Whether a database is what the site relies on, whoever wrote it."""

import io

from django.apps import apps
from django.core.management import CommandError, call_command, get_commands
from django.db import connection
from django.db.models import Count, F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from attendance.operations import list_wrong_times
from conference.models import Event
from registrations.availability import count_places
from registrations.models import Registration


def find_problems() -> list[str]:
    """Return what is wrong, in sentences."""
    return [
        *find_missing_constraints(),
        *find_repeated_addresses(),
        *find_unused_places(),
        *find_remains_of_erased_people(),
        *find_wrong_counts(),
        *find_wrong_times(),
    ]


def find_missing_constraints() -> list[str]:
    """The database itself keeps the rules, such as no orphans and nothing due that was sent, by checked constraints."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind IN ('i', 'I')")
        found = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT conname, convalidated FROM pg_constraint")
        checked = dict(cursor.fetchall())
    options = [model._meta for model in apps.get_models()]
    expected = {one.name for meta in options for one in [*meta.constraints, *meta.indexes]}
    return [
        *(f"The constraint or index {name} is missing." for name in sorted(expected - found - set(checked))),
        *(f"The constraint {name} is not checked." for name, is_checked in checked.items() if not is_checked),
    ]


def find_repeated_addresses() -> list[str]:
    people = Registration.objects.live().not_erased().order_by().values("event__slug", address=Lower("email"))
    repeated = people.annotate(number=Count("pk")).filter(number__gt=1).values_list("event__slug", "number")
    return [f"{slug}: one address has {number} registrations." for slug, number in repeated]


def find_unused_places() -> list[str]:
    """While people wait for a place that comes by itself, none may be left; one whose hold is over is about to go."""
    promoting = Event.objects.filter(starts_at__gt=timezone.now(), promotes_automatically=True)
    counted = [(event, count_places(event)) for event in promoting.order_by("pk")]
    return [
        f"{event.slug}: {counts.waiting} people wait although places are available."
        for event, counts in counted
        if counts.waiting and (counts.free is None or counts.free > counts.expired)
    ]


def find_overbooked_events() -> list[str]:
    """Organisers may give more places than there are, so this may be as it should be."""
    taken = Count("registrations", filter=Q(registrations__status__in=Registration.Status.occupying_place()))
    events = Event.objects.annotate(taken=taken).filter(taken__gt=F("capacity")).order_by("pk")
    return [f"{one.slug}: {one.taken} of {one.capacity} places are taken." for one in events]


def find_remains_of_erased_people() -> list[str]:
    left = ~Q(email="") | ~Q(first_name="") | ~Q(last_name="") | ~Q(organisation="") | ~Q(answers={})
    number = Registration.objects.filter(left, erased_at__isnull=False).count()
    return [f"{number} erased registrations still have personal data."] if number else []


def find_wrong_counts() -> list[str]:
    """The counts of places that the database keeps, compared with its rows."""
    if "check_counts" not in get_commands():
        return []
    told = io.StringIO()
    try:
        call_command("check_counts", stdout=told)
    except CommandError as error:
        return [*told.getvalue().splitlines(), str(error)]
    return []


def find_wrong_times() -> list[str]:
    """When people came, compared with what happened at the doors."""
    counted = [(event.slug, len(list_wrong_times(event))) for event in Event.objects.order_by("pk")]
    return [f"{slug}: {number} people came at another time than check-ins say." for slug, number in counted if number]
