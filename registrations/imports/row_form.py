"""What judges a row: the form with which organisers add one person, and the questions that the list answers."""

from collections.abc import Mapping

from registrations.forms import get_field_name, make_question_field, serialize_answer
from registrations.forms.organiser import OrganiserAddForm
from registrations.models import Question, Registration


class RowForm(OrganiserAddForm):
    """The organisers' form, with a field for each of `questions` that it does not ask itself, those about needs.

    `full` has the keys of the choices that are full, by their question's, found once for all rows.
    """

    def __init__(self, *args, questions: list[Question], full: Mapping[str, set[str]], **kwargs):
        self.known_full = full
        super().__init__(*args, **kwargs)
        self.answered = [question for question in questions if get_field_name(question) not in self.fields]
        for question in self.answered:
            field = make_question_field(question, full=full.get(question.key, frozenset()), by_organiser=True)
            self.fields[get_field_name(question)] = field

    def full_choices(self):
        return self.known_full

    def filled_in(self) -> Registration:
        registration = super().filled_in()
        registration.source = Registration.Source.IMPORT
        for question in self.answered:
            answer = serialize_answer(question, self.cleaned_data[get_field_name(question)])
            if answer is not None:
                registration.answers[question.key] = answer
        return registration
