"""The event's questions on a form: which are asked, of whom, and what comes of it."""

from collections.abc import Iterable

from django.db.models import prefetch_related_objects
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from conference.models import Event
from conference.text.languages import format_with_lang
from registrations.availability import get_full_choice_keys
from registrations.forms.person import RegistrationForm
from registrations.forms.question_fields import (
    deserialize_answer,
    get_field_name,
    make_question_field,
    serialize_answer,
)
from registrations.models import Question


class QuestionnaireForm(RegistrationForm):
    """A person and what they answer to the event's questions.

    A question that depends on another is asked of those who answered that one so: others need not answer it, and
    what they answer to it is not kept.
    """

    by_organiser = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.held = self.instance.answers
        self.questions = self.select_questions()
        self.full = self.full_choices()
        for question in self.questions:
            self.add_question_field(question)

    def is_asked(self, question: Question) -> bool:
        """Whether those who fill in this form are asked the question at all."""
        return question.is_asked_of_everyone

    def select_questions(self) -> list[Question]:
        """In their order. Attendees are not asked what nothing on this form can ever make them answer."""
        every = {question.pk: question for question in get_questions(self.event)}
        for question in every.values():
            question.shown_if = every.get(question.shown_if_id)
        asked = {pk: question for pk, question in every.items() if self.is_asked(question)}
        if self.by_organiser:
            return list(asked.values())
        for question in sort_parents_first(every.values()):
            if question.shown_if_id not in asked and not question.is_condition_met(self.held):
                asked.pop(question.pk, None)
        open_to_all = set(sort_parents_first(asked.values()))
        return [question for question in asked.values() if question in open_to_all]

    def full_choices(self) -> dict[str, set[str]]:
        """The keys of the choices that are full, by their question's; no query where none has a limit."""
        has_limits = any(choice.limit for question in self.questions for choice in question.choices.all())
        return get_full_choice_keys(self.event) if has_limits else {}

    def add_question_field(self, question: Question) -> None:
        name, held = get_field_name(question), self.held.get(question.key)
        full = self.full.get(question.key, set())
        field = make_question_field(question, full=full, held=held, by_organiser=self.by_organiser)
        if self.is_conditional(question):
            field.required = False  # `clean` decides
            field.help_text = format_html(
                '<span class="condition">{}</span> {}', describe_condition(question), field.help_text
            )
        self.fields[name] = field
        self.initial.setdefault(name, deserialize_answer(question, held))

    def is_conditional(self, question: Question) -> bool:
        """Whether it is asked only of those who answer another question on this form so."""
        return question.shown_if in self.questions

    def clean(self):
        cleaned = super().clean()
        keys_on_form = {question.key for question in self.questions}
        stands = {key: answer for key, answer in self.held.items() if key not in keys_on_form}
        self.new_answers = {}
        for question in sort_parents_first(self.questions):
            name = get_field_name(question)
            answer = self.get_answer(question)
            if self.is_conditional(question) and not question.is_condition_met(stands):
                self.errors.pop(name, None)
                answer = None
            elif answer is None and question.is_required and not self.by_organiser and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
            self.new_answers[question.key] = answer
            if answer is not None:
                stands[question.key] = answer
        return cleaned

    def get_answer(self, question: Question) -> object:
        return serialize_answer(question, self.cleaned_data.get(get_field_name(question)))

    def answers(self) -> dict:
        """What a valid form answers to the questions on it; None to those that have no answer, or none any more."""
        return self.new_answers

    def add_operation_error(self, refusal: Exception) -> None:
        """Say why an operation was refused, at the question that it concerns, if it concerns one."""
        question = getattr(refusal, "question", None)
        name = question and get_field_name(question)
        self.add_error(name if name in self.fields else None, str(refusal))


def get_questions(event: Event) -> list[Question]:
    """All of them with their choices, removed ones too; read once for each `event` object."""
    prefetch_related_objects([event], "questions__choices")
    return list(event.questions.all())


def sort_parents_first(questions: Iterable[Question]) -> list[Question]:
    """Each after the one that it depends on. Those that depend on themselves in a circle are left out."""
    ordered, rest = [], list(questions)
    while rest:
        waiting = {question.pk for question in rest}
        ready = [question for question in rest if question.shown_if_id not in waiting]
        if not ready:
            break
        ordered += ready
        rest = [question for question in rest if question not in ready]
    return ordered


def describe_condition(question: Question) -> SafeString:
    """When to answer a question that depends on another, for those who see both."""
    other, answer = question.shown_if, question.shown_if_answer
    said = {"yes": _("Yes"), "no": _("No")}[answer] if not other.has_choices else other.get_answer_texts(answer)[0]
    return format_with_lang(
        _("Only if you answered “%(answer)s” to “%(question)s”."), answer=said, question=other.label
    )
