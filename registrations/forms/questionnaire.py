"""The event's questions on a form: which are asked, of whom, and the answers."""

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

    A conditional question is asked only of those who gave a certain answer to another one: others need not answer it,
    and if they do, their answer is not saved.
    """

    by_organiser = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.current_answers = self.instance.answers
        self.questions = self.select_questions()
        self.full = self.get_full_choices()
        for question in self.questions:
            self.add_question_field(question)

    def is_asked(self, question: Question) -> bool:
        """Whether those who fill in this form are asked the question at all."""
        return question.is_asked_of_everyone

    def select_questions(self) -> list[Question]:
        """Return the questions to ask, in their order; from attendees only those whose condition this form can meet."""
        every = {question.pk: question for question in get_questions(self.event)}
        for question in every.values():
            question.shown_if = every.get(question.shown_if_id)
        asked = {pk: question for pk, question in every.items() if self.is_asked(question)}
        if self.by_organiser:
            return list(asked.values())
        for question in sort_parents_first(every.values()):
            if question.shown_if_id not in asked and not question.is_condition_met(self.current_answers):
                asked.pop(question.pk, None)
        open_to_all = set(sort_parents_first(asked.values()))
        return [question for question in asked.values() if question in open_to_all]

    def get_full_choices(self) -> dict[str, set[str]]:
        """Return the keys of the full choices by the key of their question; no query where no choice has a limit."""
        has_limits = any(choice.limit for question in self.questions for choice in question.choices.all())
        return get_full_choice_keys(self.event) if has_limits else {}

    def add_question_field(self, question: Question) -> None:
        name, current = get_field_name(question), self.current_answers.get(question.key)
        full = self.full.get(question.key, set())
        field = make_question_field(question, full=full, current=current, by_organiser=self.by_organiser)
        if self.is_conditional(question):
            field.required = False  # `clean` decides
            field.help_text = format_html(
                '<span class="condition">{}</span> {}', describe_condition(question), field.help_text
            )
        self.fields[name] = field
        self.initial.setdefault(name, deserialize_answer(question, current))

    def is_conditional(self, question: Question) -> bool:
        """Whether it is asked only of those who give a certain answer to another question on this form."""
        return question.shown_if in self.questions

    def clean(self):
        cleaned = super().clean()
        keys_on_form = {question.key for question in self.questions}
        answers = {key: answer for key, answer in self.current_answers.items() if key not in keys_on_form}
        self.new_answers = {}
        for question in sort_parents_first(self.questions):
            name = get_field_name(question)
            answer = self.get_answer(question)
            if self.is_conditional(question) and not question.is_condition_met(answers):
                self.errors.pop(name, None)
                answer = None
            elif answer is None and question.is_required and not self.by_organiser and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
            self.new_answers[question.key] = answer
            if answer is not None:
                answers[question.key] = answer
        return cleaned

    def get_answer(self, question: Question) -> object:
        return serialize_answer(question, self.cleaned_data.get(get_field_name(question)))

    def answers(self) -> dict:
        """Return the answers that a valid form gives to the questions on it; None for no answer, or none any longer."""
        return self.new_answers

    def add_operation_error(self, refusal: Exception) -> None:
        """Add why an operation was refused, to the question that it concerns, if it concerns one."""
        question = getattr(refusal, "question", None)
        name = question and get_field_name(question)
        self.add_error(name if name in self.fields else None, str(refusal))


def get_questions(event: Event) -> list[Question]:
    """Return all questions of the event with their choices, removed ones too; read once for each `event` object."""
    prefetch_related_objects([event], "questions__choices")
    return list(event.questions.all())


def sort_parents_first(questions: Iterable[Question]) -> list[Question]:
    """Sort each question after the one that it depends on, and leave out those in a circle of conditions."""
    ordered, rest = [], list(questions)
    while rest:
        unsorted = {question.pk for question in rest}
        ready = [question for question in rest if question.shown_if_id not in unsorted]
        if not ready:
            break
        ordered += ready
        rest = [question for question in rest if question not in ready]
    return ordered


def describe_condition(question: Question) -> SafeString:
    """Describe when to answer a conditional question, for those who see both."""
    other, answer = question.shown_if, question.shown_if_answer
    text = {"yes": _("Yes"), "no": _("No")}[answer] if not other.has_choices else other.get_answer_texts(answer)[0]
    return format_with_lang(
        _("Only if you answered “%(answer)s” to “%(question)s”."), answer=text, question=other.label
    )
