"""Registrations as CSV, written by PostgreSQL itself, so that a hundred thousand rows cost about what COPY costs."""

import contextlib
import csv
import io
import json
import tempfile
from collections.abc import Iterable, Mapping
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.aggregates import StringAgg
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, DateTimeField, F, Func, OuterRef, Subquery, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _
from django_countries import countries

from conference.models import Event, Topic
from registrations.models import Question, Registration, RegistrationQuerySet

# A spreadsheet runs a cell that starts with one of these; the wide ones are their East Asian twins.
RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
SPOOL_BYTES = 8 * 1024 * 1024
WRITE_BYTES = 256 * 1024
FEW = 12  # up to so many labels a CASE is faster than a look-up


class Format(NamedTuple):
    """A way to write CSV: what separates the cells, and what stands before the first of them."""

    delimiter: str
    mark: bytes


FORMATS = {
    "csv": Format(";", b"\xef\xbb\xbf"),  # what a Latvian Excel opens right by a double click
    "csv-comma": Format(",", b""),
}


class Defused(Func):
    """Text that a spreadsheet shows and never runs.

    A value whose first character, after any apostrophes, is risky gets one more apostrophe in front.
    So what was typed can always be had back: take one apostrophe off every value of that shape.
    """

    arity = 1
    output_field = TextField()

    def as_sql(self, compiler, connection, **extra):
        value, params = compiler.compile(self.source_expressions[0])
        # Most values start with a letter, and ascii() tells that far faster than the exact test.
        sql = (
            f"CASE WHEN ascii({value}) BETWEEN {ord('A')} AND {0xFF00} THEN {value} "
            f"WHEN left(ltrim({value}, ''''), 1) = ANY (%s) THEN '''' || {value} ELSE {value} END"
        )
        return sql, [*params, *params, *params, list(RISKY_STARTS), *params, *params]


def label(code: str, labels: Mapping[object, object]) -> Combinable:
    """What people read instead of the code stored in this field; `labels` maps one to the other."""
    if len(labels) <= FEW:
        cases = (When(**{code: key, "then": Value(str(text))}) for key, text in labels.items())
        return Case(*cases, output_field=TextField())
    known = json.dumps({str(key): str(text) for key, text in labels.items()})
    return Func(
        Value(known),
        Cast(F(code), TextField()),
        template="(%(expressions)s)",
        arg_joiner="::jsonb ->> ",
        output_field=TextField(),
    )


def local_time(field: str) -> Func:
    """The time in this field to the second, on the clock of the place where the event is held."""
    local = Func(F("event__time_zone"), F(field), function="timezone")
    return Func(Value("second"), local, function="date_trunc", output_field=DateTimeField())


def columns(events: Iterable[Event]) -> dict[str, Combinable]:
    """The columns of the table, in their fixed order: each header in the active language with what fills it.

    One column for each question of `events` comes last. README documents the order.
    """
    events = list(events)
    titles = {topic.pk: defused(str(topic.title)) for topic in Topic.objects.filter(event__in=events)}
    # In their order on the page, which is the order of `titles`.
    place = Func(
        Value(list(titles)), F("topic_id"), template="array_position(%(expressions)s)", arg_joiner="::bigint[], "
    )
    chosen = Registration.topics.through.objects.filter(registration=OuterRef("pk")).values("registration")
    chosen_titles = chosen.annotate(titles=StringAgg(label("topic_id", titles), ", ", order_by=place)).values("titles")
    table = {
        _("Event"): label("event_id", {event.pk: defused(str(event.title)) for event in events}),
        _("Reference"): F("reference"),
        _("Status"): label("status", dict(Registration.Status.choices)),
        _("First name"): Defused(F("first_name")),
        _("Last name"): Defused(F("last_name")),
        _("E-mail"): Defused(F("email")),
        _("Organisation"): Defused(F("organisation")),
        _("Job title"): Defused(F("job_title")),
        _("Country"): label("country", dict(countries)),
        _("Sector"): label("sector", dict(Registration.Sector.choices)),
        _("Topics of interest"): Subquery(chosen_titles),
        _("Language"): label("language", dict(settings.LANGUAGES)),
        _("Source"): label("source", dict(Registration.Source.choices)),
        _("Registered"): local_time("created_at"),
        _("Confirmed"): local_time("confirmed_at"),
        _("Waiting since"): local_time("waiting_since"),
        _("Cancelled"): local_time("cancelled_at"),
        _("Consented"): local_time("consented_at"),
    }
    for question in Question.objects.filter(event__in=events):
        table[free_header(table, str(question.label))] = answer(question)
    return table


def free_header(table: Mapping[str, Combinable], header: str) -> str:
    """`header`, with a number when another column is called the same."""
    numbered, number = header, 1
    while numbered in table:
        number += 1
        numbered = f"{header} ({number})"
    return numbered


def answer(question: Question) -> Combinable:
    """What each person answered to `question`; nothing in the rows of other events."""
    given = KeyTextTransform(question.key, "answers")
    if question.kind == Question.Kind.YES_NO:
        given = Case(
            When(Exact(given, Value("true")), then=Value(_("yes"))),
            When(Exact(given, Value("false")), then=Value(_("no"))),
            output_field=TextField(),
        )
    return Case(When(event=question.event_id, then=Defused(given)), default=Value(None), output_field=TextField())


def write_csv(registrations: RegistrationQuerySet, form: Format) -> tuple[BinaryIO, int]:
    """The rows of `registrations` as an open file at its start, and how many rows there are.

    The headers and labels are in the active language, the times in each event's zone. Past SPOOL_BYTES the
    file is on disk, so memory does not grow with the rows.
    """
    events = Event.objects.filter(pk__in=registrations.order_by().values("event").distinct())
    table = columns(events)
    rows = registrations.annotate(**{f"column_{n}": value for n, value in enumerate(table.values())})
    rows = rows.values_list(*(f"column_{n}" for n in range(len(table))))
    with contextlib.ExitStack() as on_error, connection.cursor() as cursor:
        file = on_error.enter_context(tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES))
        file.write(form.mark + header_line(table, form.delimiter))
        count = 0
        with contextlib.suppress(EmptyResultSet):  # when the filters exclude everybody from the start
            query = cursor.mogrify(*rows.query.sql_with_params()).decode()
            lines = io.BufferedWriter(file, WRITE_BYTES)  # psycopg2 writes a line at a time
            cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, DELIMITER '{form.delimiter}')", lines)
            lines.flush()
            lines.detach()
            count = cursor.rowcount
        file.seek(0)
        on_error.pop_all()
        return file, count


def header_line(headers: Iterable[str], delimiter: str) -> bytes:
    """The first line: headers may be longer than a column name in PostgreSQL, so they are written here."""
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter).writerow(defused(header) for header in headers)
    return line.getvalue().removesuffix("\r\n").encode() + b"\n"


def defused(text: str) -> str:
    """What `Defused` makes of this text."""
    return f"'{text}" if text.lstrip("'").startswith(RISKY_STARTS) else text


def record(user, registrations: RegistrationQuerySet, *, count: int, filters: Mapping[str, str]) -> LogEntry:
    """Write into the admin's log who took `count` rows of which events, chosen by which filters.

    Of a text search it says that there was one, not the text, which may be somebody's name.
    """
    events = Event.objects.filter(pk__in=registrations.order_by().values("event").distinct()).order_by("pk")
    event = events[0] if len(events) == 1 else None
    chosen = [_("a text search") if name == "q" else f"{name}={value}" for name, value in filters.items() if value]
    return LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(event or Registration),
        object_id=event and event.pk,
        object_repr=str(event or _("Registrations"))[:200],
        action_flag=CHANGE,
        change_message=_("Exported registrations: %(count)d. Events: %(events)s. Filters: %(filters)s.")
        % {
            "count": count,
            "events": ", ".join(event.slug for event in events) or "–",
            "filters": "; ".join(chosen) or "–",
        },
    )
