"""The change history of registrations: written in the transaction that makes the change, and read by organisers."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_countries import countries

from registrations.models import Change, Question, Registration

# Who makes a change: an organiser, the person with their link (None), or the site.
ChangedBy = User | Change.Actor | None
SITE = Change.Actor.SITE

MAX_CHANGES = 300
# Names of changes that are not fields of a registration.
TOPICS, ANSWERS, MERGED, MERGED_INTO = "topics", "answers", "merged", "merged_into"


def log_changes(registration: Registration, changes: Mapping[str, tuple[object, object]], by: ChangedBy) -> None:
    """Log changes: field names, “topics”, or “answers” with all of them, mapped to the old and new value.

    The values are stored as people read them, in the active language; for answers about needs, they are left out.
    """
    rows = []
    for name, (old, new) in changes.items():
        if name == ANSWERS:
            rows += build_answer_rows(registration, old, new, by)
        else:
            rows.append(build_row(registration, name, old, new, by))
    Change.objects.bulk_create(rows)


def log_status(people: Collection[Registration], *, was: str, by: ChangedBy) -> None:
    """Log that these people had the status `was` and now have their current one. One query."""
    log_field(people, "status", {one.pk: was for one in people}, by)


def log_field(people: Iterable[Registration], name: str, old: Mapping[int, object], by: ChangedBy) -> None:
    """Log that this field of these people changed; `old` has the old values by primary key. One query."""
    rows = (build_row(one, name, old[one.pk], getattr(one, name), by) for one in people)
    Change.objects.bulk_create(rows, batch_size=1000)


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


def build_row(registration: Registration, field: str, old: object, new: object, by: ChangedBy) -> Change:
    actor = by if isinstance(by, Change.Actor) else Change.Actor.ORGANISER if by else Change.Actor.PERSON
    changed_by = by if actor == Change.Actor.ORGANISER else None
    old, new = (format_value(registration, field, value) for value in (old, new))
    return Change(registration=registration, actor=actor, changed_by=changed_by, field=field, old=old, new=new)


def is_filled_in(answer) -> bool:
    """Whether this is an answer; “no” and 0 are."""
    return answer is not None and answer not in ("", [])


def format_value(registration: Registration, name: str, value) -> str:
    """Return the value of this field as people read it, in the active language."""
    if not value:
        return ""
    match name:
        case "country":
            return str(countries.name(value))
        case "language":
            return str(dict(settings.LANGUAGES).get(value, value))
        case "status":
            return str(dict(Registration._meta.get_field(name).choices).get(value, value))
        case "sector":
            return str(registration.event.get_sector_label(value))
    if isinstance(value, datetime):
        return date_format(value.astimezone(registration.event.zone), "SHORT_DATETIME_FORMAT")
    return str(value) if isinstance(value, str) else ", ".join(map(str, value))


def get_field_label(field: str, questions: Mapping[str, Question]) -> str:
    """Return the label of this field in the active language; `questions` are mapped by key."""
    kind, _dot, key = field.partition(".")
    if kind == ANSWERS:
        return str(questions[key].label) if key in questions else key
    other_labels = {MERGED: _("merged with"), MERGED_INTO: _("merged into")}
    return other_labels.get(kind) or str(Registration._meta.get_field(field).verbose_name)


def list_changes(registration: Registration, *, hidden: set[str]) -> list[tuple[Change, str, bool]]:
    """Return the latest changes with labels, and whether the values are kept back: of `hidden` fields, and of needs."""
    questions = {question.key: question for question in registration.event.questions.all()}
    hidden = hidden | {f"{ANSWERS}.{key}" for key, question in questions.items() if question.is_about_needs}
    changes = registration.changes.select_related("changed_by")[:MAX_CHANGES]
    return [(one, get_field_label(one.field, questions), one.field in hidden) for one in changes]
