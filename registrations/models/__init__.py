"""What people do: their registrations, the questions they answer and the e-mail that they get."""

from registrations.models.change import Change
from registrations.models.difference import Difference
from registrations.models.export_choice import ExportChoice
from registrations.models.import_draft import ImportDraft
from registrations.models.mailing import EmailParagraph, Mailing
from registrations.models.outgoing_email import OutgoingEmail, OutgoingEmailQuerySet
from registrations.models.question import Choice, Question, QuestionQuerySet, get_chosen_keys
from registrations.models.registration import Registration, generate_reference
from registrations.models.registration_queryset import RegistrationQuerySet
from registrations.models.sender import Sender
from registrations.models.sign_up_count import SignUpCount

__all__ = [
    "Change",
    "Choice",
    "Difference",
    "EmailParagraph",
    "ExportChoice",
    "ImportDraft",
    "Mailing",
    "OutgoingEmail",
    "OutgoingEmailQuerySet",
    "Question",
    "QuestionQuerySet",
    "Registration",
    "RegistrationQuerySet",
    "Sender",
    "SignUpCount",
    "generate_reference",
    "get_chosen_keys",
]
