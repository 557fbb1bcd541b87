"""Writing the change history of registrations, in the transaction that makes the change."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_countries import countries

from registrations.models import Change, Question, Registration

# Who makes a change: an organiser, the person with their link (None), or the site.
ChangedBy = User | Change.Actor | None
SITE = Change.Actor.SITE

# Names of changes that are not fields of a registration.
TOPICS, ANSWERS, MERGED, MERGED_INTO = "topics", "answers", "merged", "merged_into"


def log_changes(registration: Registration, changes: Mapping[str, tuple[object, object]], by: ChangedBy) -> None:
    """Log changes: field names, “topics”, or “answers” with all of them, mapped to the old and new value.

    The values are stored as people read them, in the active language; for answers about needs, they are left out.
    """
    rows = [row for name, (old, new) in changes.items() for row in build_rows(registration, name, old, new, by)]
    Change.objects.bulk_create(rows)


def log_status(people: Iterable[Registration], *, was: str, by: ChangedBy) -> None:
    """Log that these people had the status `was` and now have their current one. One query."""
    people = list(people)
    log_field(people, "status", {one.pk: was for one in people}, by)


def log_field(people: Iterable[Registration], name: str, old: Mapping[int, object], by: ChangedBy) -> None:
    """Log that this field of these people changed; `old` has the old values by primary key. One query."""
    pairs = ((one, format_value(one, name, old[one.pk]), format_value(one, name, getattr(one, name))) for one in people)
    Change.objects.bulk_create((build_row(one, name, was, now, by) for one, was, now in pairs), batch_size=1000)


def build_rows(registration: Registration, name: str, old, new, by: ChangedBy) -> Iterator[Change]:
    if name == ANSWERS:
        yield from build_answer_rows(registration, old, new, by)
    else:
        yield build_row(
            registration, name, format_value(registration, name, old), format_value(registration, name, new), by
        )


def build_answer_rows(registration: Registration, old: Mapping, new: Mapping, by: ChangedBy) -> Iterator[Change]:
    """Build a row for each answer that differs, without values for deleted questions: they may be about needs."""
    questions = {one.key: one for one in registration.event.questions.prefetch_related("choices")}
    for key in dict.fromkeys([*old, *new]):
        pair = old.get(key), new.get(key)
        if pair[0] == pair[1] or not any(map(is_filled_in, pair)):
            continue
        question = questions.get(key)
        is_shown = question and not question.is_about_needs
        was, now = (question.format_answer(answer) if is_shown else "" for answer in pair)
        yield build_row(registration, f"{ANSWERS}.{key}", was, now, by)


def build_row(registration: Registration, field: str, old: str, new: str, by: ChangedBy) -> Change:
    actor = by if isinstance(by, Change.Actor) else Change.Actor.ORGANISER if by else Change.Actor.PERSON
    changed_by = by if actor == Change.Actor.ORGANISER else None
    return Change(registration=registration, actor=actor, changed_by=changed_by, field=field, old=old, new=new)


def is_filled_in(answer) -> bool:
    """Whether this is an answer; “no” and 0 are."""
    return answer is not None and answer not in ("", [])


def format_value(registration: Registration, name: str, value) -> str:
    """Return the value of this field as people read it, in the active language."""
    match name:
        case "country":
            return str(countries.name(value)) if value else ""
        case "language":
            return str(dict(settings.LANGUAGES).get(value, value))
        case "status" | "sector":
            return str(dict(Registration._meta.get_field(name).choices).get(value, value))
        case _:
            return format_plain_value(value, registration)


def format_plain_value(value, registration: Registration) -> str:
    if value is None or isinstance(value, Enum | str):
        return str(value or "")
    if isinstance(value, datetime):
        return date_format(value.astimezone(registration.event.zone), "SHORT_DATETIME_FORMAT")
    return ", ".join(map(str, value))


def get_field_label(field: str, questions: Mapping[str, Question]) -> str:
    """Return the label of this field in the active language; `questions` are mapped by key."""
    kind, _dot, key = field.partition(".")
    if kind == ANSWERS:
        return str(questions[key].label) if key in questions else key
    if kind == MERGED:
        return _("merged with")
    if kind == MERGED_INTO:
        return _("merged into")
    return str(Registration._meta.get_field(field).verbose_name)
