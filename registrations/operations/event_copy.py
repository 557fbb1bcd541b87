"""Copying an event, as the start for the next one."""

from datetime import datetime

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from i18nfield.strings import LazyI18nString

from conference.local_time import shift
from conference.models import Event
from registrations.models import Choice, Question
from registrations.operations.locking import busy_on_lock_timeout

# Times of the event that move in the copy, where the title and the address differ too. All others are copied.
SHIFTED_FIELDS = ["starts_at", "ends_at", "registration_opens_at", "registration_closes_at", "changes_until"]
EXCLUDED_FIELDS = ["id", "slug", "is_published", "updated_at", "calendar_uid"]
EXCLUDED_FIELDS += ["cancelled_at", "cancellation_note"]
# Rows that are copied too, by the names of the relations. Apps add theirs. Questions are copied with their choices.
COPIED_RELATIONS = ["topics", "sectors", "partners", "paragraphs"]


def copy_event(event: Event, *, starts_at: datetime, slug: str) -> Event:
    """Create an unpublished copy of `event` that starts at `starts_at` (UTC), with all other times shifted as much.

    It has no people and nothing that was removed. Questions that depend on a removed question or choice are asked of
    everyone. Raises Busy, and IntegrityError for a taken address or wrong times: check `build_event_copy` before.
    """
    with busy_on_lock_timeout(), transaction.atomic():
        # Locked, so that nobody replaces the pictures meanwhile, which would delete those that the copy shows.
        original = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
        copy = build_event_copy(original, starts_at=starts_at, slug=slug)
        copy.save()
        for relation in COPIED_RELATIONS:
            rows = getattr(event, relation).all()
            rows.model.objects.bulk_create(build_row_copy(row, event_id=copy.pk) for row in rows)
        copy_questions(event, copy)
        return copy


def build_event_copy(event: Event, *, starts_at: datetime, slug: str) -> Event:
    """Return the unsaved copy. Its times are shifted in local time, whatever daylight saving time does between."""
    old, new = (moment.astimezone(event.zone).replace(tzinfo=None) for moment in (event.starts_at, starts_at))
    values = {name: shift(getattr(event, name), new - old, event.zone) for name in SHIFTED_FIELDS}
    values |= {"starts_at": starts_at, "slug": slug, "title": build_title(event, old.year, new.year)}
    return build_row_copy(event, leave_out=EXCLUDED_FIELDS, **values)


def build_title(event: Event, old_year: int, new_year: int) -> LazyI18nString:
    """Return a title that differs from the event's in each of its languages: with the new year, else “(copy)”."""
    languages, data = list(dict(settings.LANGUAGES)), event.title.data
    titles = data if isinstance(data, dict) else dict.fromkeys(languages, data)
    copied = {}
    for code in filter(titles.get, languages):
        with override(code):
            title = titles[code].replace(str(old_year), str(new_year))
            copied[code] = title if title != titles[code] else _("%(title)s (copy)") % {"title": title}
    return LazyI18nString(copied)


def copy_questions(event: Event, copy: Event) -> None:
    """Copy the questions and choices that are not removed; each condition points to the copied question."""
    originals = list(event.questions.asked())
    choices = list(Choice.objects.filter(question__in=originals, removed_at__isnull=True))
    unconditional = {"event_id": copy.pk, "shown_if_id": None, "shown_if_answer": ""}
    rows = Question.objects.bulk_create(build_row_copy(question, **unconditional) for question in originals)
    copies = {question.pk: row for question, row in zip(originals, rows, strict=True)}
    Choice.objects.bulk_create(build_row_copy(choice, question_id=copies[choice.question_id].pk) for choice in choices)
    answers = {(choice.question_id, choice.key) for choice in choices}
    for question in originals:
        condition = copies.get(question.shown_if_id)
        if condition and (not condition.has_choices or (question.shown_if_id, question.shown_if_answer) in answers):
            copies[question.pk].shown_if, copies[question.pk].shown_if_answer = condition, question.shown_if_answer
    Question.objects.bulk_update([row for row in rows if row.shown_if], ["shown_if", "shown_if_answer"])


def build_row_copy(row: models.Model, *, leave_out=(), **changes) -> models.Model:
    """Return an unsaved copy of `row` with `changes`; the fields to `leave_out` get their defaults."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key and field.name not in leave_out]
    return type(row)(**{field.attname: getattr(row, field.attname) for field in fields} | changes)
