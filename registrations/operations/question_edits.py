"""The event's own questions: asking them, and ceasing to, without losing what was answered.

Answers are written under the event's lock, so nobody answers between the look whether somebody did and what follows.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.models import Change, Choice, Question
from registrations.models.answer_queries import without_answer
from registrations.operations.locking import OperationError, lock_event
from registrations.question_templates import QUESTION_TEMPLATES, QuestionTemplate

KEY_LENGTH = Question._meta.get_field("key").max_length
KEY_SUFFIX_LENGTH = 4

# So many answers are erased under one lock, which others wait for.
ERASE_BATCH_SIZE = 1000


def make_key(label, taken: Collection[str], otherwise: str) -> str:
    """A key that reads like the English label, or the first there is, and is not among the `taken` ones.

    `otherwise` stands in front, or for all of it, where the label gives no letter to begin with.
    """
    key = slugify(label.localize("en")).replace("-", "_").strip("_")
    if not key[:1].isalpha():
        key = f"{otherwise}_{key}".rstrip("_")
    key = numbered = key[: KEY_LENGTH - KEY_SUFFIX_LENGTH].rstrip("_")
    number = 1
    while numbered in taken:
        number += 1
        numbered = f"{key}_{number}"
    return numbered


def add_question(question: Question) -> None:
    """Store a new question; without a key it gets one made from its label. Raises Refused when its key is taken."""
    with lock_event(question.event) as event:
        taken = set(event.questions.values_list("key", flat=True))
        if question.key in taken:
            raise OperationError(
                _("This event has a question with this key already. Keys of removed questions stay taken.")
            )
        question.key = question.key or make_key(question.label, taken, "question")
        question.save()


def add_choice(choice: Choice) -> None:
    """Store a new choice under a key made from its label."""
    with lock_event(choice.question.event):
        taken = set(choice.question.choices.values_list("key", flat=True))
        choice.key = make_key(choice.label, taken, "choice")
        choice.save()


def change_question(question: Question, changed: Collection[str]) -> None:
    """Store the `changed` fields. Raises Refused when one is among them that answers given do not allow to change."""
    with lock_event(question.event):
        if {"kind", "is_internal"} & set(changed) and has_answers(question):
            raise OperationError(_("Somebody has answered this question meanwhile. Nothing was stored."))
        question.save(update_fields=changed)


def remove_question(question: Question) -> bool:
    """Ask it no more. Returns whether it is kept, as answers or other removed questions need it, or else deleted.

    Raises Refused while other questions are shown by its answer.
    """
    with lock_event(question.event), refresh_or_refuse(question):
        refuse_if_needed(question.dependent_questions.all())
        if has_answers(question) or question.dependent_questions.exists():
            question.removed_at = question.removed_at or timezone.now()
            question.save(update_fields=["removed_at"])
            return True
        question.delete()
        return False


def remove_choice(choice: Choice) -> bool:
    """Offer it no more. Returns whether it is kept, as `stop_asking` does. Raises Refused like it."""
    question = choice.question
    with lock_event(question.event), refresh_or_refuse(choice):
        refuse_if_needed(dependents_of(choice))
        if question.event.registrations.with_choice(question, choice.key).exists() or dependents_of(choice).exists():
            choice.removed_at = choice.removed_at or timezone.now()
            choice.save(update_fields=["removed_at"])
            return True
        choice.delete()
        return False


def restore_question(question: Question) -> None:
    """Ask a removed question again. Raises Refused while what it is shown by is not asked or offered itself."""
    with lock_event(question.event), refresh_or_refuse(question):
        if question.shown_if:
            choice = question.shown_if.choices.filter(key=question.shown_if_answer, removed_at__isnull=False)
            if question.shown_if.removed_at or choice.exists():
                text = _("It is shown by an answer to “%(question)s” that is not offered now. Bring that back first.")
                raise OperationError(text % {"question": question.shown_if})
        question.removed_at = None
        question.save(update_fields=["removed_at"])


def restore_choice(choice: Choice) -> None:
    with lock_event(choice.question.event), refresh_or_refuse(choice):
        choice.removed_at = None
        choice.save(update_fields=["removed_at"])


def erase_question(question: Question, user) -> int:
    """Delete a removed question with all its answers, for good; the log says that `user` did. Returns how many.

    What the audit says of the answers goes too. Removed questions that were shown by it lose their condition.
    Raises Refused while it is asked. Broken off half way, it can be done again.
    """
    number = question.event.registrations.with_answer_to(question).count()
    while erase_answer_batch(question):
        pass
    with lock_event(question.event) as event, refresh_or_refuse(question):
        refuse_if_asked(question)
        Change.objects.filter(registration__event=event, field=f"answers.{question.key}").update(old="", new="")
        question.dependent_questions.update(shown_if=None, shown_if_answer="")
        LogEntry.objects.create(
            user=user,
            content_type=ContentType.objects.get_for_model(Event),
            object_id=event.pk,
            object_repr=str(event)[:200],
            action_flag=DELETION,
            change_message=_("Erased the question “%(question)s” with all its answers: %(number)d.")
            % {"question": question, "number": number},
        )
        question.delete()
    return number


def erase_answer_batch(question: Question) -> int:
    """Erase as many answers as do not hold others up for long. Returns how many; 0 when none is left."""
    with lock_event(question.event) as event, refresh_or_refuse(question):
        refuse_if_asked(question)
        answers = event.registrations.filter(answers__has_key=question.key)
        some = list(answers.order_by("pk").values_list("pk", flat=True)[:ERASE_BATCH_SIZE])
        return event.registrations.filter(pk__in=some).update(answers=without_answer(question))


def refuse_if_asked(question: Question) -> None:
    if question.removed_at is None:
        raise OperationError(_("This question is still asked. Remove it first."))


def add_question_template(event: Event, ready: QuestionTemplate) -> Question | None:
    """Add a ready-made question, and the one for “other”, after the event's own. None if it is there already."""
    with lock_event(event) as event:
        if event.questions.filter(key=ready.key).exists():
            return None
        position = get_next_position(event)
        question = event.questions.create(key=ready.key, position=position, **ready.values)
        for number, (key, label) in enumerate(ready.choices.items()):
            question.choices.create(key=key, label=label, position=number)
        if ready.other and not event.questions.filter(key=f"{ready.key}_other").exists():
            event.questions.create(
                key=f"{ready.key}_other",
                label=ready.other,
                position=position + 1,
                is_about_needs=question.is_about_needs,
                shown_if=question,
                shown_if_answer="other",
            )
        question.refresh_from_db()  # its label as the database gives it: in the active language
    return question


def list_unused_templates(event: Event) -> list[QuestionTemplate]:
    """The ready-made questions that the event neither asks nor ever asked."""
    taken = set(event.questions.values_list("key", flat=True))
    return [ready for ready in QUESTION_TEMPLATES if ready.key not in taken]


def get_next_position(event: Event) -> int:
    last = event.questions.aggregate(last=models.Max("position"))["last"]
    return 1 if last is None else last + 1


def has_answers(question: Question) -> bool:
    return question.event.registrations.with_answer_to(question).exists()


def dependents_of(choice: Choice):
    """The questions that are shown by this choice."""
    return choice.question.dependent_questions.filter(shown_if_answer=choice.key)


def refuse_if_needed(dependents) -> None:
    """Raises Refused, naming them, when some of these dependent questions are still asked."""
    if labels := [f"“{question}”" for question in dependents.asked()]:
        text = _("These questions are shown only by it: %(questions)s. Change their conditions, then remove it.")
        raise OperationError(text % {"questions": ", ".join(labels)})


@contextmanager
def refresh_or_refuse(row: Question | Choice) -> Iterator[None]:
    """Takes over whether somebody removed the row before the lock was ours. Raises Refused when it is gone."""
    try:
        row.refresh_from_db(fields=["removed_at"])
    except type(row).DoesNotExist:
        raise OperationError(_("Somebody has deleted this meanwhile.")) from None
    yield
