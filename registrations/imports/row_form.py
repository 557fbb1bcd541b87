"""The form that checks a row: the fields and rules of the organisers' form, and the questions that the list answers."""

from collections.abc import Mapping

from registrations.forms.fields import get_field_name, make_question_field
from registrations.forms.organiser import OrganiserAddForm
from registrations.models import Question


class RowForm(OrganiserAddForm):
    """A person in a list, and the answers to `questions`, also those about needs, which organisers enter elsewhere.

    `full` has the keys of the full choices, by the keys of their questions, found once for all rows.
    """

    def __init__(self, *args, questions: list[Question], full: Mapping[str, set[str]], **kwargs):
        super().__init__(*args, full=full, **kwargs)
        self.other_questions = [question for question in questions if get_field_name(question) not in self.fields]
        for question in self.other_questions:
            field = make_question_field(question, full=full.get(question.key, frozenset()), by_organiser=True)
            self.fields[get_field_name(question)] = field

    def clean(self):
        cleaned = super().clean()
        for question in self.other_questions:
            self.answers[question.key] = self.get_answer(question)
        return cleaned
