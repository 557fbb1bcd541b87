"""Registrations, the questions they answer, and the e-mails that people get."""

from registrations.models.admin_records import Change, Difference, ExportChoice, ImportDraft
from registrations.models.outgoing_email import EmailParagraph, Mailing, OutgoingEmail, OutgoingEmailQuerySet
from registrations.models.question import (
    Choice,
    Question,
    QuestionQuerySet,
    get_chosen_keys,
    has_answer,
    has_chosen,
    list_possible_answers,
)
from registrations.models.registration import Registration, generate_reference
from registrations.models.registration_queryset import RegistrationQuerySet
from registrations.models.registration_summary import list_answers, list_details
from registrations.models.shared_state import Sender, SignUpCount
