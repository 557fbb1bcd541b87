"""What people fill in: how it looks, what is required, what is refused and in which words."""

from registrations.forms.answers import AnsweringForm, questions_of
from registrations.forms.attendee import AttendeeForm, EditForm, SignUpForm
from registrations.forms.fields import AddressField, CountryField, LinesField, validate_visible, validate_visible_lines
from registrations.forms.person import HINTS, PERSON_FIELDS, FindForm, RegistrationForm, fields_only
from registrations.forms.questions import question_field, question_field_name, stored, typed

__all__ = [
    "HINTS",
    "PERSON_FIELDS",
    "AddressField",
    "AnsweringForm",
    "AttendeeForm",
    "CountryField",
    "EditForm",
    "FindForm",
    "LinesField",
    "RegistrationForm",
    "SignUpForm",
    "fields_only",
    "question_field",
    "question_field_name",
    "questions_of",
    "stored",
    "typed",
    "validate_visible",
    "validate_visible_lines",
]
