"""Changing an event's questions without losing answers: under the lock, so that nobody answers between two steps."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import chain, count

from django.contrib.admin.models import DELETION, LogEntry
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from conference.models import Event
from registrations import erasure_ledger
from registrations.models import Change, Choice, Question, QuestionQuerySet, has_answer, has_chosen, without_answers
from registrations.operations.exceptions import OperationError
from registrations.operations.locking import lock_event
from registrations.question_templates import QUESTION_TEMPLATES, QuestionTemplate

MAX_KEY_LENGTH = Question._meta.get_field("key").max_length - len("_999")  # leaves room for a number at the end
# How many answers are erased under one lock, while others wait for it.
ERASE_BATCH_SIZE = 1000


def make_key(label, taken: Collection[str], prefix: str) -> str:
    """Return a key like the label, in English if it has that; with the `prefix` unless it starts with a letter."""
    key = slugify(label.localize("en")).replace("-", "_").strip("_")
    if not key[:1].isalpha():
        key = f"{prefix}_{key}".rstrip("_")
    key = key[:MAX_KEY_LENGTH].rstrip("_")
    candidates = chain([key], (f"{key}_{number}" for number in count(2)))
    return next(candidate for candidate in candidates if candidate not in taken)


def add_question(question: Question) -> None:
    """Save a new question; without a key, one is made from its label. Raises OperationError if the key is taken."""
    with lock_event(question.event) as event:
        taken = set(event.questions.values_list("key", flat=True))
        if question.key in taken:
            raise OperationError(
                _("This event already has a question with this key. Keys of removed questions stay taken.")
            )
        question.key = question.key or make_key(question.label, taken, "question")
        question.save()


def add_choice(choice: Choice) -> None:
    with lock_event(choice.question.event):
        taken = set(choice.question.choices.values_list("key", flat=True))
        choice.key = make_key(choice.label, taken, "choice")
        choice.save()


def add_question_template(event: Event, template: QuestionTemplate) -> Question | None:
    """Add a question from a template, and the one for “other”, after the event's own. None if it exists already."""
    with lock_event(event) as event:
        if event.questions.filter(key=template.key).exists():
            return None
        position = get_next_position(event)
        question = event.questions.create(key=template.key, position=position, **template.values)
        for number, (key, label) in enumerate(template.choices.items()):
            question.choices.create(key=key, label=label, position=number)
        if template.other and not event.questions.filter(key=f"{template.key}_other").exists():
            event.questions.create(
                key=f"{template.key}_other",
                label=template.other,
                position=position + 1,
                is_about_needs=question.is_about_needs,
                is_for_catering=question.is_for_catering,
                shown_if=question,
                shown_if_answer="other",
            )
        question.refresh_from_db()  # so that its label is a translated text, not a dictionary
    return question


def list_unused_templates(event: Event) -> list[QuestionTemplate]:
    """Return the templates whose question the event does not have and never had."""
    taken = set(event.questions.values_list("key", flat=True))
    return [template for template in QUESTION_TEMPLATES if template.key not in taken]


def get_next_position(event: Event) -> int:
    return 1 + (event.questions.aggregate(last=Max("position"))["last"] or 0)


def change_question(question: Question, changed: Collection[str]) -> None:
    """Save the `changed` fields. Raises OperationError if one of them must not change because there are answers."""
    with lock_event(question.event):
        if {"kind", "is_internal"} & set(changed) and has_answers(question):
            raise OperationError(_("Somebody has answered this question in the meantime. Nothing was saved."))
        question.save(update_fields=changed)


def remove_question(question: Question) -> bool:
    """Stop asking the question, like `remove`."""
    with lock_event(question.event), refresh_or_refuse(question):
        return remove(question, question.dependent_questions.all(), is_answered=has_answers(question))


def remove_choice(choice: Choice) -> bool:
    """Stop offering the choice, like `remove`."""
    question = choice.question
    with lock_event(question.event), refresh_or_refuse(choice):
        is_chosen = question.event.registrations.filter(has_chosen(question, choice.key)).exists()
        return remove(choice, dependents_of(choice), is_answered=is_chosen)


def remove(row: Question | Choice, dependents: QuestionQuerySet, *, is_answered: bool) -> bool:
    """Remove it. True if it is kept for answers or removed dependents. Raises OperationError while others are asked."""
    refuse_if_needed(dependents)
    if is_answered or dependents.exists():
        row.removed_at = row.removed_at or timezone.now()
        row.save(update_fields=["removed_at"])
        return True
    row.delete()
    return False


def restore_question(question: Question) -> None:
    """Ask a removed question again. Raises OperationError if the question or choice it depends on is removed."""
    with lock_event(question.event), refresh_or_refuse(question):
        if question.shown_if:
            choice = question.shown_if.choices.filter(key=question.shown_if_answer, removed_at__isnull=False)
            if question.shown_if.removed_at or choice.exists():
                text = _("It depends on an answer to “%(question)s” that is no longer offered. Restore that first.")
                raise OperationError(text % {"question": question.shown_if})
        question.removed_at = None
        question.save(update_fields=["removed_at"])


def restore_choice(choice: Choice) -> None:
    with lock_event(choice.question.event), refresh_or_refuse(choice):
        choice.removed_at = None
        choice.save(update_fields=["removed_at"])


def erase_question(question: Question, user) -> int:
    """Delete a removed question with all its answers, also in the change history. Returns the number of answers.

    Logs that `user` did. Raises OperationError while it is asked. If it is interrupted, it can be repeated.
    """
    number = question.event.registrations.filter(has_answer(question)).count()
    while True:
        with lock_event(question.event) as event, refresh_or_refuse(question):
            if question.removed_at is None:
                raise OperationError(_("This question is still asked. Remove it first."))
            answers = event.registrations.filter(answers__has_key=question.key)
            batch = list(answers.order_by("pk").values_list("pk", flat=True)[:ERASE_BATCH_SIZE])
            if batch:
                event.registrations.filter(pk__in=batch).update(answers=without_answers([question.key]))
                continue
            Change.objects.filter(registration__event=event, field=f"answers.{question.key}").update(old="", new="")
            question.dependent_questions.update(shown_if=None, shown_if_answer="")
            text = _("Erased the question “%(question)s” with all its answers: %(number)d.")
            message = text % {"question": question, "number": number}
            LogEntry.objects.log_actions(user.pk, [event], DELETION, change_message=message, single_object=True)
            identity = (question.pk, question.event_id, question.key)
            erasure_ledger.record_after_commit(erasure_ledger.QUESTION, [identity])
            question.delete()
            return number


def has_answers(question: Question) -> bool:
    return question.event.registrations.filter(has_answer(question)).exists()


def dependents_of(choice: Choice) -> QuestionQuerySet:
    return choice.question.dependent_questions.filter(shown_if_answer=choice.key)


def refuse_if_needed(dependents: QuestionQuerySet) -> None:
    """Raise OperationError, with their labels, if some of these dependent questions are still asked."""
    if labels := [f"“{question}”" for question in dependents.asked()]:
        text = _("These questions depend on it: %(questions)s. Change their conditions, then remove it.")
        raise OperationError(text % {"questions": ", ".join(labels)})


@contextmanager
def refresh_or_refuse(row: Question | Choice) -> Iterator[None]:
    """Read whether it was removed before we got the lock. Raises OperationError if it was deleted."""
    try:
        row.refresh_from_db(fields=["removed_at"])
    except type(row).DoesNotExist:
        raise OperationError(_("Somebody has deleted this in the meantime.")) from None
    yield
