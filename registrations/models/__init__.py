"""Registrations, the questions they answer, and the e-mails that people get."""

from registrations.models.burst import Burst
from registrations.models.change import Change
from registrations.models.counts import ChoiceCount, EventCounts, RequestCount
from registrations.models.difference import Difference
from registrations.models.import_draft import ImportDraft
from registrations.models.mailing import Mailing
from registrations.models.outgoing_email import (
    ACCOUNT_KINDS,
    REQUEST_KINDS,
    EmailParagraph,
    OutgoingEmail,
    OutgoingEmailQuerySet,
)
from registrations.models.question import (
    Choice,
    Question,
    QuestionQuerySet,
    get_chosen_keys,
    has_answer,
    has_chosen,
    list_possible_answers,
    without_answers,
)
from registrations.models.registration import Registration, generate_reference
from registrations.models.registration_queryset import RegistrationQuerySet, find_countries
from registrations.models.registration_summary import list_answers, list_details
from registrations.models.sender import BulkJob, Sender
from registrations.models.user_choices import (
    AdminPreferences,
    ExportChoice,
    choose_event,
    get_chosen_event,
    has_chosen_all,
)
