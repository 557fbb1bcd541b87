"""Forms: their fields, what is required, and what error messages say."""

from registrations.forms.attendee import AttendeeForm, EditForm, SignUpForm
from registrations.forms.fields import (
    CountryField,
    LinesField,
    NormalizedEmailField,
    validate_visible,
    validate_visible_lines,
)
from registrations.forms.person import AUTOFILL_ATTRS, PERSON_FIELDS, FindForm, RegistrationForm, make_fields_helper
from registrations.forms.question_fields import (
    deserialize_answer,
    get_field_name,
    make_question_field,
    serialize_answer,
)
from registrations.forms.questionnaire import QuestionnaireForm, get_questions

__all__ = [
    "AUTOFILL_ATTRS",
    "PERSON_FIELDS",
    "AttendeeForm",
    "CountryField",
    "EditForm",
    "FindForm",
    "LinesField",
    "NormalizedEmailField",
    "QuestionnaireForm",
    "RegistrationForm",
    "SignUpForm",
    "deserialize_answer",
    "get_field_name",
    "get_questions",
    "make_fields_helper",
    "make_question_field",
    "serialize_answer",
    "validate_visible",
    "validate_visible_lines",
]
