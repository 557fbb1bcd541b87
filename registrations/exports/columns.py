"""The columns that a table of people can have, in their fixed order. README documents them."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import F, Func, OuterRef, Subquery, Value
from django.utils.translation import gettext as _
from django_countries import countries

from conference.models import Event, Topic
from registrations.exports.access import ExportAccess
from registrations.exports.answer_columns import get_answer_columns
from registrations.exports.column_types import Column, ColumnType
from registrations.exports.csv_escape import ESCAPE_FORMULAS, NO_ESCAPE, Escape
from registrations.exports.expressions import convert_to_local_time, join_array, replace_codes
from registrations.models import Registration


def get_columns(events: Iterable[Event], access: ExportAccess, *, for_csv: bool = False) -> list[Column]:
    """What a table of people of these events can show under `access`, with texts in the active language.

    The columns of the events' questions come last, one for each key; questions about dietary and access needs have
    none. `for_csv` escapes every text that a spreadsheet would run.
    """
    events = list(events)
    escape = ESCAPE_FORMULAS if for_csv else NO_ESCAPE
    columns = [column for column in get_registration_columns(events, escape) if access.can_see(column.name)]
    return number_equal_headers(columns + get_answer_columns(events, access, escape))


def get_registration_columns(events: list[Event], escape: Escape) -> list[Column]:
    """What a registration itself holds: the answers to questions are apart."""
    titles = {event.pk: escape.text(str(event.title)) for event in events}

    def local_time(name: str, header: str) -> Column:
        return Column(name, header, convert_to_local_time(name, events), ColumnType.MOMENT)

    def typed(name: str, header: str) -> Column:
        return Column(name, header, escape.expression(F(name)))

    def coded(name: str, header: str, labels) -> Column:
        return Column(name, header, replace_codes(F(name), dict(labels)))

    return [
        Column("event", _("Event"), replace_codes(F("event_id"), titles)),
        Column("reference", _("Reference"), F("reference")),
        coded("status", _("Status"), Registration.Status.choices),
        typed("first_name", _("First name")),
        typed("last_name", _("Last name")),
        typed("email", _("E-mail")),
        typed("organisation", _("Organisation")),
        typed("job_title", _("Job title")),
        coded("country", _("Country"), countries),
        coded("sector", _("Sector"), Registration.Sector.choices),
        Column("topics", _("Topics of interest"), join_topic_titles(events, escape)),
        coded("language", _("Language"), settings.LANGUAGES),
        coded("source", _("Source"), Registration.Source.choices),
        Column("tags", _("Tags"), escape.expression(join_array("tags"))),
        typed("internal_note", _("Internal note")),
        local_time("created_at", _("Registered")),
        local_time("confirmed_at", _("Confirmed")),
        local_time("waiting_since", _("Waiting since")),
        local_time("cancelled_at", _("Cancelled")),
        local_time("checked_in_at", _("Attended")),
        local_time("consented_at", _("Consented")),
    ]


def join_topic_titles(events: list[Event], escape: Escape) -> Subquery:
    """The titles of the topics that a person chose, in their order on the event's page, with commas between."""
    titles = {topic.pk: escape.text(str(topic.title)) for topic in Topic.objects.filter(event__in=events)}
    # The order of `titles` is that of the page.
    place = Func(
        Value(list(titles)), F("topic_id"), template="array_position(%(expressions)s)", arg_joiner="::bigint[], "
    )
    chosen = Registration.topics.through.objects.filter(registration=OuterRef("pk")).values("registration")
    joined_titles = StringAgg(replace_codes(F("topic_id"), titles), ", ", order_by=place)
    return Subquery(chosen.annotate(titles=joined_titles).values("titles"))


def number_equal_headers(found: list[Column]) -> list[Column]:
    """The columns, with a number after each header that another column has already."""
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
