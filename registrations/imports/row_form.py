"""The form that checks a row: the fields and rules of the organisers' form, and the questions that the list answers."""

from collections.abc import Mapping

from django import forms
from django.utils import timezone

from registrations.forms import (
    LinesField,
    QuestionnaireForm,
    RegistrationForm,
    get_field_name,
    make_question_field,
    serialize_answer,
)
from registrations.forms.organiser import is_for_organisers, language_field
from registrations.models import Question, Registration


class RowForm(QuestionnaireForm):
    """A person in a list, and the answers to `questions`, also those about needs, which organisers enter elsewhere.

    `full` has the keys of the full choices, by the keys of their questions, found once for all rows.
    """

    by_organiser = True
    language = language_field()
    consent = forms.BooleanField(required=False)

    class Meta(RegistrationForm.Meta):
        fields = [*RegistrationForm.Meta.fields, "internal_note"]
        field_classes = {**RegistrationForm.Meta.field_classes, "internal_note": LinesField}

    def __init__(self, *args, questions: list[Question], full: Mapping[str, set[str]], **kwargs):
        self.known_full = full
        super().__init__(*args, **kwargs)
        self.other_questions = [question for question in questions if get_field_name(question) not in self.fields]
        for question in self.other_questions:
            field = make_question_field(question, full=full.get(question.key, frozenset()), by_organiser=True)
            self.fields[get_field_name(question)] = field

    def is_asked(self, question):
        return is_for_organisers(question)

    def get_full_choices(self):
        return self.known_full

    def make_registration(self, tags: list[str]) -> Registration:
        """The unsaved registration that a valid form describes."""
        registration = self.save(commit=False)
        registration.event, registration.source = self.event, Registration.Source.IMPORT
        registration.language, registration.tags = self.cleaned_data["language"], tags
        registration.consented_at = timezone.now() if self.cleaned_data["consent"] else None
        others = {
            question.key: serialize_answer(question, self.cleaned_data[get_field_name(question)])
            for question in self.other_questions
        }
        registration.answers = {
            key: answer for key, answer in {**self.answers(), **others}.items() if answer is not None
        }
        return registration
