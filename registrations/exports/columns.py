"""The columns that a table of people can have, in their fixed order. docs/exports.md documents them."""

import json
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum, auto
from typing import NamedTuple

from django.conf import settings
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import HasKey, KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, NullIf
from django.db.models.lookups import Exact
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.models import Event, Topic
from registrations.exports.access import ExportAccess
from registrations.exports.csv_writer import escape_formula
from registrations.models import Question, Registration

# What is done to texts that people typed, and to database expressions for them.
Escape = Callable[[str | Combinable], str | Combinable]

MAX_CASES = 12  # up to so many labels a CASE is faster than a look-up


class ColumnType(StrEnum):
    """How a spreadsheet shows a column's cells."""

    TEXT = auto()
    NUMBER = auto()
    SHARE = auto()  # a number from 0 to 1
    DATE = auto()
    MOMENT = auto()


class Column(NamedTuple):
    """A column of a table of people. `name` never changes and is not translated; the database computes `value`."""

    name: str
    header: str
    value: Combinable
    type: ColumnType = ColumnType.TEXT


# The headers of what a registration itself holds: the answers to questions are apart.
TEXT_HEADERS = {
    "event": _("Event"),
    "reference": _("Reference"),
    "status": _("Status"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("E-mail"),
    "organisation": _("Organisation"),
    "job_title": _("Job title"),
    "country": _("Country"),
    "sector": _("Sector"),
    "topics": _("Topics of interest"),
    "language": _("Language"),
    "source": _("Source"),
    "tags": _("Tags"),
    "internal_note": _("Internal note"),
}
TIME_HEADERS = {
    "created_at": _("Registered"),
    "confirmed_at": _("Confirmed"),
    "waiting_since": _("Waiting since"),
    "cancelled_at": _("Cancelled"),
    "checked_in_at": _("Attended"),
    "consented_at": _("Consented"),
}
ANSWER_TYPES = {Question.Kind.NUMBER: ColumnType.NUMBER, Question.Kind.DATE: ColumnType.DATE}


def get_columns(events: Iterable[Event], access: ExportAccess, *, for_csv: bool = False) -> list[Column]:
    """What a table of people of these events can show under `access`, with texts in the active language.

    The columns of the events' questions come last, one for each key; questions about dietary and access needs have
    none. `for_csv` escapes every text that a spreadsheet would run.
    """
    events = list(events)
    escape = escape_formula if for_csv else leave_unchanged
    is_seen = {"email": access.can_see_email, "internal_note": access.can_change}
    unseen = {name for name, can_see in is_seen.items() if not can_see}
    unseen |= set(Event.ASKED_FIELDS).difference(Registration.objects.list_shown_fields(events))
    columns = [column for column in get_registration_columns(events, escape) if column.name not in unseen]
    columns += get_answer_columns(events, access, escape)
    headers = number_equal_headers(column.header for column in columns)
    return [column._replace(header=header) for column, header in zip(columns, headers, strict=True)]


def leave_unchanged(value: str | Combinable) -> str | Combinable:
    return value


def number_equal_headers(headers: Iterable[str]) -> list[str]:
    """The headers, with a number after each that another one before it has already."""
    numbered: dict[str, None] = {}
    for header in headers:
        unique, number = header, 1
        while unique in numbered:
            number += 1
            unique = f"{header} ({number})"
        numbered[unique] = None
    return list(numbered)


def get_registration_columns(events: list[Event], escape: Escape) -> list[Column]:
    titles = {event.pk: escape(str(event.title)) for event in events}
    coded = {name: Registration._meta.get_field(name).flatchoices for name in ("status", "country", "source")}
    values = {name: escape(F(name)) for name in TEXT_HEADERS} | {
        "event": replace_codes(F("event_id"), titles),
        "reference": F("reference"),
        "sector": name_sectors(events, escape),
        "email": mark_missing_email(escape),
        "topics": join_topic_titles(events, escape),
        "tags": escape(Func(F("tags"), Value(", "), function="array_to_string", output_field=TextField())),
        "language": replace_codes(F("language"), dict(settings.LANGUAGES)),
        **{name: replace_codes(F(name), dict(labels)) for name, labels in coded.items()},
    }
    return [
        *(Column(name, str(header), values[name]) for name, header in TEXT_HEADERS.items()),
        *(
            Column(name, str(header), convert_to_local_time(name, events), ColumnType.MOMENT)
            for name, header in TIME_HEADERS.items()
        ),
    ]


def name_sectors(events: list[Event], escape: Escape) -> Combinable:
    """Each person's sector as their own event calls it."""
    prefetch_related_objects(events, "sectors")
    labels = {event: {one.key: escape(str(one)) for one in event.sectors.all()} for event in events}
    named = [replace_codes(F("sector"), labels[event], otherwise=NullIf(F("sector"), Value(""))) for event in events]
    if len(named) == 1:
        return named[0]
    cases = (When(event=event.pk, then=name) for event, name in zip(events, named, strict=True))
    return Case(*cases, output_field=TextField())


def mark_missing_email(escape: Escape) -> Case:
    """The e-mail address, and words where a person has none."""
    has_none = When(email="", erased_at__isnull=True, then=Value(gettext("no e-mail")))
    return Case(has_none, default=escape(F("email")), output_field=TextField())


def join_topic_titles(events: list[Event], escape: Escape) -> Subquery:
    """The titles of the topics that a person chose, in their order on the event's page, with commas between."""
    titles = {topic.pk: escape(str(topic.title)) for topic in Topic.objects.filter(event__in=events)}
    # The order of `titles` is that of the page.
    place = Func(Value(list(titles)), F("topic_id"), function="array_position", arg_joiner="::bigint[], ")
    chosen = Registration.topics.through.objects.filter(registration=OuterRef("pk")).values("registration")
    joined_titles = StringAgg(replace_codes(F("topic_id"), titles), ", ", order_by=place)
    return Subquery(chosen.annotate(titles=joined_titles).values("titles"))


def convert_to_local_time(field: str, events: list[Event]) -> Func:
    """The time in this field to the second, in the time zone of the event."""
    zones = {event.time_zone for event in events}
    # Most often there is only one, and PostgreSQL need not look at the event for each row.
    zone = Value(zones.pop()) if len(zones) == 1 else F("event__time_zone")
    local = Func(zone, F(field), function="timezone")
    return Func(Value("second"), local, function="date_trunc", output_field=DateTimeField())


def replace_codes(code: Combinable, labels: Mapping, *, otherwise: Combinable | None = None) -> Combinable:
    """What people read instead of this code; `labels` maps one to the other, `otherwise` is for codes not in it."""
    if len(labels) <= MAX_CASES:
        cases = (When(Exact(code, Value(key)), then=Value(str(text))) for key, text in labels.items())
        return Case(*cases, default=otherwise, output_field=TextField())
    known = json.dumps({str(key): str(text) for key, text in labels.items()})
    key = Cast(code, TextField())
    found = Func(Value(known), key, template="(%(expressions)s)", arg_joiner="::jsonb ->> ", output_field=TextField())
    return found if otherwise is None else Coalesce(found, otherwise)


def get_answer_columns(events: list[Event], access: ExportAccess, escape: Escape) -> list[Column]:
    """A column for each key of the events' questions that may be seen under `access`. Events share a key's column."""
    questions_by_key: dict[str, list[Question]] = {}
    for question in find_exportable_questions(events, access):
        questions_by_key.setdefault(question.key, []).append(question)
    columns = []
    for key, questions in questions_by_key.items():
        header = " / ".join(dict.fromkeys(str(question.label) for question in questions))
        # Each row by the question of its own event, so that no answer is read as one to another event's question.
        cases = (When(event=question.event_id, then=build_answer_value(question, escape)) for question in questions)
        types = {ANSWER_TYPES.get(question.kind, ColumnType.TEXT) for question in questions}
        type = types.pop() if len(types) == 1 else ColumnType.TEXT
        columns.append(Column(f"answers.{key}", header, Case(*cases, output_field=TextField()), type))
    return columns


def find_exportable_questions(events: list[Event], access: ExportAccess) -> Iterable[Question]:
    """The events' questions that may be exported; removed questions as long as they have answers."""
    answer = Func(
        F("answers"), OuterRef("key"), template="(%(expressions)s)", arg_joiner=" ->> ", output_field=TextField()
    )
    answered = Registration.objects.alias(answer=answer).filter(event=OuterRef("event"), answer__gt="")
    questions = Question.objects.not_about_needs().filter(event__in=events)
    if not access.can_change:
        questions = questions.filter(is_internal=False)
    is_shown = Q(removed_at__isnull=True) | Exists(answered)
    return questions.filter(is_shown).prefetch_related("choices")


def build_answer_value(question: Question, escape: Escape) -> Combinable:
    """Each person's answer to `question`, as people read it."""
    stored, given = KeyTransform(question.key, "answers"), KeyTextTransform(question.key, "answers")
    typed = escape(given)
    labels = {choice.key: escape(str(choice.label)) for choice in question.choices.all()}
    match question.kind:
        case Question.Kind.YES_NO:
            return replace_codes(given, {"true": gettext("yes"), "false": gettext("no")}, otherwise=typed)
        case Question.Kind.ONE_OF:
            return replace_codes(given, labels, otherwise=typed)
        case Question.Kind.SEVERAL_OF:
            chosen = (Case(When(HasKey(stored, key), then=Value(label))) for key, label in labels.items())
            joined = Func(Value(", "), *chosen, Value(None), function="concat_ws", output_field=TextField())
            return use_if_json_is("array", stored, NullIf(joined, Value("")), otherwise=typed)
        case Question.Kind.NUMBER:
            return use_if_json_is("number", stored, given, otherwise=typed)
        case _other:
            return typed


def use_if_json_is(type: str, stored: Combinable, value: Combinable, *, otherwise: Combinable) -> Case:
    """`value` where the stored answer is of this type of JSON; else `otherwise`, as for older answers."""
    is_of_type = Exact(Func(stored, function="jsonb_typeof", output_field=TextField()), Value(type))
    return Case(When(is_of_type, then=value), default=otherwise, output_field=TextField())
