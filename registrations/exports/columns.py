"""The columns that a table of people can have, in their fixed order. README documents them."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import DateTimeField, F, Func, OuterRef, Subquery, TextField, Value
from django.utils.translation import gettext as _
from django_countries import countries

from conference.models import Event, Topic
from registrations.exports.answer_columns import get_answer_columns
from registrations.exports.column_types import Column, ColumnType, ExportAccess
from registrations.exports.csv_escape import EscapeFormula, escape_formula
from registrations.exports.labels import replace_codes
from registrations.models import Registration


def get_columns(events: Iterable[Event], access: ExportAccess, *, for_csv: bool = False) -> list[Column]:
    """What a table of people of these events can show to `reader`, with headers and labels in the active language.

    One column for each key of the events' questions comes last; those about dietary and access needs have none.
    `for_csv` makes every text one that a spreadsheet does not run.
    """
    events = list(events)
    typed, shown = (EscapeFormula, escape_formula) if for_csv else (leave_unchanged, str)
    own = [
        Column(
            "event", _("Event"), replace_codes(F("event_id"), {event.pk: shown(str(event.title)) for event in events})
        ),
        Column("reference", _("Reference"), F("reference")),
        Column("status", _("Status"), replace_codes(F("status"), dict(Registration.Status.choices))),
        Column("first_name", _("First name"), typed(F("first_name"))),
        Column("last_name", _("Last name"), typed(F("last_name"))),
        Column("email", _("E-mail"), typed(F("email"))),
        Column("organisation", _("Organisation"), typed(F("organisation"))),
        Column("job_title", _("Job title"), typed(F("job_title"))),
        Column("country", _("Country"), replace_codes(F("country"), dict(countries))),
        Column("sector", _("Sector"), replace_codes(F("sector"), dict(Registration.Sector.choices))),
        Column("topics", _("Topics of interest"), join_topic_titles(events, shown)),
        Column("language", _("Language"), replace_codes(F("language"), dict(settings.LANGUAGES))),
        Column("source", _("Source"), replace_codes(F("source"), dict(Registration.Source.choices))),
        Column("tags", _("Tags"), typed(join_array("tags"))),
        Column("internal_note", _("Internal note"), typed(F("internal_note"))),
        Column("created_at", _("Registered"), truncate_to_local_second("created_at", events), ColumnType.MOMENT),
        Column("confirmed_at", _("Confirmed"), truncate_to_local_second("confirmed_at", events), ColumnType.MOMENT),
        Column(
            "waiting_since", _("Waiting since"), truncate_to_local_second("waiting_since", events), ColumnType.MOMENT
        ),
        Column("cancelled_at", _("Cancelled"), truncate_to_local_second("cancelled_at", events), ColumnType.MOMENT),
        Column("checked_in_at", _("Came"), truncate_to_local_second("checked_in_at", events), ColumnType.MOMENT),
        Column("consented_at", _("Consented"), truncate_to_local_second("consented_at", events), ColumnType.MOMENT),
    ]
    visible = [column for column in own if is_visible(column.name, access)]
    return number_equal_headers(visible + get_answer_columns(events, access, typed=typed, shown=shown))


def leave_unchanged(value):
    return value


def is_visible(name: str, access: ExportAccess) -> bool:
    return {"email": access.can_see_email, "internal_note": access.can_change}.get(name, True)


def join_topic_titles(events: list[Event], shown) -> Subquery:
    """The titles of the topics that a person chose, in their order on the event's page, with commas between."""
    titles = {topic.pk: shown(str(topic.title)) for topic in Topic.objects.filter(event__in=events)}
    # In their order on the page, which is the order of `titles`.
    place = Func(
        Value(list(titles)), F("topic_id"), template="array_position(%(expressions)s)", arg_joiner="::bigint[], "
    )
    chosen = Registration.topics.through.objects.filter(registration=OuterRef("pk")).values("registration")
    joined_titles = StringAgg(replace_codes(F("topic_id"), titles), ", ", order_by=place)
    return Subquery(chosen.annotate(titles=joined_titles).values("titles"))


def join_array(field: str) -> Func:
    """The texts in this array, with commas between."""
    return Func(F(field), Value(", "), function="array_to_string", output_field=TextField())


def truncate_to_local_second(field: str, events: list[Event]) -> Func:
    """The time in this field to the second, on the clock of the place where the event is held."""
    zones = {event.time_zone for event in events}
    # Most often there is one, and PostgreSQL is spared a look at the event for each row.
    zone = Value(zones.pop()) if len(zones) == 1 else F("event__time_zone")
    local = Func(zone, F(field), function="timezone")
    return Func(Value("second"), local, function="date_trunc", output_field=DateTimeField())


def number_equal_headers(found: list[Column]) -> list[Column]:
    """The columns, a header that another one has already with a number after it."""
    headers: set[str] = set()
    numbered = []
    for column in found:
        header, number = column.header, 1
        while header in headers:
            number += 1
            header = f"{column.header} ({number})"
        headers.add(header)
        numbered.append(column._replace(header=header))
    return numbered
