"""The columns that a table of people can have, in their fixed order. README documents them."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import DateTimeField, F, Func, OuterRef, Subquery, TextField, Value
from django.utils.translation import gettext as _
from django_countries import countries

from conference.models import Event, Topic
from registrations.exports.answers import answer_columns
from registrations.exports.column import Column, Kind, Reader
from registrations.exports.defused import Defused, defused
from registrations.exports.labels import label
from registrations.models import Registration


def columns(events: Iterable[Event], reader: Reader, *, for_csv: bool = False) -> list[Column]:
    """What a table of people of these events can show to `reader`, with headers and labels in the active language.

    One column for each key of the events' questions comes last; those about dietary and access needs have none.
    `for_csv` makes every text one that a spreadsheet does not run.
    """
    events = list(events)
    typed, shown = (Defused, defused) if for_csv else (as_it_is, str)
    own = [
        Column("event", _("Event"), label(F("event_id"), {event.pk: shown(str(event.title)) for event in events})),
        Column("reference", _("Reference"), F("reference")),
        Column("status", _("Status"), label(F("status"), dict(Registration.Status.choices))),
        Column("first_name", _("First name"), typed(F("first_name"))),
        Column("last_name", _("Last name"), typed(F("last_name"))),
        Column("email", _("E-mail"), typed(F("email"))),
        Column("organisation", _("Organisation"), typed(F("organisation"))),
        Column("job_title", _("Job title"), typed(F("job_title"))),
        Column("country", _("Country"), label(F("country"), dict(countries))),
        Column("sector", _("Sector"), label(F("sector"), dict(Registration.Sector.choices))),
        Column("topics", _("Topics of interest"), chosen_topics(events, shown)),
        Column("language", _("Language"), label(F("language"), dict(settings.LANGUAGES))),
        Column("source", _("Source"), label(F("source"), dict(Registration.Source.choices))),
        Column("tags", _("Tags"), typed(joined("tags"))),
        Column("internal_note", _("Internal note"), typed(F("internal_note"))),
        Column("created_at", _("Registered"), local_time("created_at", events), Kind.MOMENT),
        Column("confirmed_at", _("Confirmed"), local_time("confirmed_at", events), Kind.MOMENT),
        Column("waiting_since", _("Waiting since"), local_time("waiting_since", events), Kind.MOMENT),
        Column("cancelled_at", _("Cancelled"), local_time("cancelled_at", events), Kind.MOMENT),
        Column("checked_in_at", _("Came"), local_time("checked_in_at", events), Kind.MOMENT),
        Column("consented_at", _("Consented"), local_time("consented_at", events), Kind.MOMENT),
    ]
    seen = [column for column in own if may_see(column.name, reader)]
    return with_headers_told_apart(seen + answer_columns(events, reader, typed=typed, shown=shown))


def as_it_is(value):
    return value


def may_see(name: str, reader: Reader) -> bool:
    return {"email": reader.sees_email, "internal_note": reader.may_change}.get(name, True)


def chosen_topics(events: list[Event], shown) -> Subquery:
    """The titles of the topics that a person chose, in their order on the event's page, with commas between."""
    titles = {topic.pk: shown(str(topic.title)) for topic in Topic.objects.filter(event__in=events)}
    # In their order on the page, which is the order of `titles`.
    place = Func(
        Value(list(titles)), F("topic_id"), template="array_position(%(expressions)s)", arg_joiner="::bigint[], "
    )
    chosen = Registration.topics.through.objects.filter(registration=OuterRef("pk")).values("registration")
    joined_titles = StringAgg(label(F("topic_id"), titles), ", ", order_by=place)
    return Subquery(chosen.annotate(titles=joined_titles).values("titles"))


def joined(field: str) -> Func:
    """The texts in this array, with commas between."""
    return Func(F(field), Value(", "), function="array_to_string", output_field=TextField())


def local_time(field: str, events: list[Event]) -> Func:
    """The time in this field to the second, on the clock of the place where the event is held."""
    zones = {event.time_zone for event in events}
    # Most often there is one, and PostgreSQL is spared a look at the event for each row.
    zone = Value(zones.pop()) if len(zones) == 1 else F("event__time_zone")
    local = Func(zone, F(field), function="timezone")
    return Func(Value("second"), local, function="date_trunc", output_field=DateTimeField())


def with_headers_told_apart(found: list[Column]) -> list[Column]:
    """The columns, a header that another one has already with a number after it."""
    headers: set[str] = set()
    told_apart = []
    for column in found:
        header, number = column.header, 1
        while header in headers:
            number += 1
            header = f"{column.header} ({number})"
        headers.add(header)
        told_apart.append(column._replace(header=header))
    return told_apart
