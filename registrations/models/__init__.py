"""What people do: their registrations, the questions they answer and the e-mail that they get."""

from registrations.models.mailing import EmailParagraph, Mailing
from registrations.models.outgoing_email import OutgoingEmail, OutgoingEmailQuerySet
from registrations.models.question import Question
from registrations.models.registration import Registration, RegistrationQuerySet, new_reference
from registrations.models.sender import Sender
from registrations.models.sign_up_count import SignUpCount

__all__ = [
    "EmailParagraph",
    "Mailing",
    "OutgoingEmail",
    "OutgoingEmailQuerySet",
    "Question",
    "Registration",
    "RegistrationQuerySet",
    "Sender",
    "SignUpCount",
    "new_reference",
]
