"""Taking an event as the pattern for the next one."""

from datetime import datetime

from django.db import models, transaction

from conference.local_time import shift
from conference.models import Event
from registrations.models import Choice, Question
from registrations.operations.locking import busy_on_lock_timeout

# Of the event itself, what the copy has of its own. Every other field is copied.
SHIFTED_FIELDS = ["starts_at", "ends_at", "registration_opens_at", "registration_closes_at", "changes_until"]
EXCLUDED_FIELDS = ["id", "slug", "is_published", "updated_at", "calendar_uid"]
# The rows that belong to it and are copied too, by the names of the relations.
COPIED_RELATIONS = ["topics", "partners", "paragraphs", "questions"]


def copy_event(event: Event, *, starts_at: datetime, slug: str) -> Event:
    """A new, unpublished event like `event` that starts at `starts_at` (UTC), its other times as far from it as before.

    With its pictures, topics, partners, paragraphs in e-mails and questions; without people, and without what was
    removed. A question that hung on a removed one, or on a removed choice, is asked of everyone. Raises Busy, and
    IntegrityError when the address is taken or the times do not fit each other; `moved_event` can be checked before.
    """
    with busy_on_lock_timeout(), transaction.atomic():
        # Locked, so that the pictures that the copy shows too are not replaced, and then deleted, meanwhile.
        original = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
        copy = build_event_copy(original, starts_at=starts_at, slug=slug)
        copy.save()
        for relation in ("topics", "partners", "paragraphs"):
            rows = getattr(event, relation).all()
            rows.model.objects.bulk_create(build_row_copy(row, event_id=copy.pk) for row in rows)
        copy_questions(event, copy)
        return copy


def build_event_copy(event: Event, *, starts_at: datetime, slug: str) -> Event:
    """The unsaved copy: its times keep their distances by the clock of the place, whatever summer time does between."""
    shown = [moment.astimezone(event.zone).replace(tzinfo=None) for moment in (event.starts_at, starts_at)]
    times = {name: shift(getattr(event, name), shown[1] - shown[0], event.zone) for name in SHIFTED_FIELDS}
    return build_row_copy(event, leave_out=EXCLUDED_FIELDS, **{**times, "starts_at": starts_at, "slug": slug})


def copy_questions(event: Event, copy: Event) -> None:
    """Copy what is still asked and offered, each condition pointing to the copied question."""
    originals = list(event.questions.asked())
    offered = list(Choice.objects.filter(question__in=originals, removed_at__isnull=True))
    unconditional = {"event_id": copy.pk, "shown_if_id": None, "shown_if_answer": ""}
    copies = Question.objects.bulk_create(build_row_copy(question, **unconditional) for question in originals)
    copy_by_original = dict(zip((question.pk for question in originals), copies, strict=True))
    Choice.objects.bulk_create(
        build_row_copy(choice, question_id=copy_by_original[choice.question_id].pk) for choice in offered
    )
    answers = {(choice.question_id, choice.key) for choice in offered}
    conditional = []
    for question in originals:
        asked = copy_by_original.get(question.shown_if_id)
        is_possible = asked and (not asked.has_choices or (question.shown_if_id, question.shown_if_answer) in answers)
        if is_possible:
            dependent = copy_by_original[question.pk]
            dependent.shown_if, dependent.shown_if_answer = asked, question.shown_if_answer
            conditional.append(dependent)
    Question.objects.bulk_update(conditional, ["shown_if", "shown_if_answer"])


def build_row_copy(row: models.Model, *, leave_out=(), **changes) -> models.Model:
    """An unsaved row with the values of `row` but for `changes`, and the defaults for what is left out."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key and field.name not in leave_out]
    return type(row)(**{field.attname: getattr(row, field.attname) for field in fields} | changes)
