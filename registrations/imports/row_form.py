"""What judges a row: the form with which organisers add one person, and the questions that the list answers."""

from django import forms

from registrations.admin.forms import RegistrationAddForm
from registrations.forms import question_field, question_field_name
from registrations.models import Question, Registration


class RowForm(RegistrationAddForm):
    """The organisers' form, with a field for each of `questions` that it does not ask itself."""

    def __init__(self, *args, questions: list[Question], **kwargs):
        super().__init__(*args, **kwargs)
        self.answered = [question for question in questions if question_field_name(question) not in self.fields]
        for question in self.answered:
            self.fields[question_field_name(question)] = answer_field(question)

    def filled_in(self) -> Registration:
        registration = super().filled_in()
        registration.source = Registration.Source.IMPORT
        for question in self.answered:
            answer = self.cleaned_data[question_field_name(question)]
            if answer not in (None, "", []):
                registration.answers[question.key] = stored(question, answer)
        return registration


def answer_field(question: Question) -> forms.Field:
    common = {"label": str(question.label), "required": False}
    match question.kind:
        case Question.Kind.YES_NO:
            return forms.ChoiceField(choices=[("yes", ""), ("no", "")], **common)
        case Question.Kind.NUMBER:
            return forms.DecimalField(max_digits=15, **common)
        case Question.Kind.DATE:
            return forms.DateField(**common)
        case Question.Kind.ONE_OF | Question.Kind.SEVERAL_OF:
            # The widget has refused what the question does not offer.
            several = question.kind == Question.Kind.SEVERAL_OF
            kind = forms.MultipleChoiceField if several else forms.ChoiceField
            return kind(choices=[(choice.key, str(choice.label)) for choice in question.choices.all()], **common)
        case _:
            field = question_field(question)
            field.required = False
            return field


def stored(question: Question, answer):
    """The answer as Registration.answers holds it."""
    match question.kind:
        case Question.Kind.YES_NO:
            return answer == "yes"
        case Question.Kind.NUMBER:
            return int(answer) if answer == answer.to_integral_value() else float(answer)
        case Question.Kind.DATE:
            return answer.isoformat()
        case _:
            return answer
