"""What people do: their registrations, the questions they answer and the e-mail that they get."""

from registrations.models.outgoing_email import OutgoingEmail
from registrations.models.question import Question
from registrations.models.registration import Registration, RegistrationQuerySet, new_reference
from registrations.models.sign_up_count import SignUpCount

__all__ = ["OutgoingEmail", "Question", "Registration", "RegistrationQuerySet", "SignUpCount", "new_reference"]
