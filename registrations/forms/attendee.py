"""The forms that attendees fill in themselves: to register, and to change their registration."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from registrations.forms.error_messages import set_error_messages
from registrations.forms.mixins import EmailTypoMixin, LanguageSwitchMixin
from registrations.forms.person import AUTOFILL_ATTRS, PERSON_FIELDS, RegistrationForm, make_fields_helper
from registrations.forms.question_fields import get_field_name
from registrations.forms.questionnaire import QuestionnaireForm
from registrations.models import Question, Registration


class AttendeeForm(EmailTypoMixin, LanguageSwitchMixin, QuestionnaireForm):
    """What attendees fill in themselves: the person and the answers to the event's questions."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, attributes in AUTOFILL_ATTRS.items():
            self.fields[name].widget.attrs.update(attributes)
        set_error_messages(self.fields.values())

    def mark_required_fields(self) -> None:
        required = {get_field_name(question) for question in self.questions if question.is_required}
        for name, field in self.fields.items():
            if field.required or name in required:
                field.short_label = field.label
                field.label = format_html("{} ({})", field.label, _("required"))

    @cached_property
    def helper(self) -> FormHelper:
        helper = make_fields_helper()
        conditional = {
            get_field_name(question): question for question in self.questions if self.is_conditional(question)
        }
        unlisted = self.get_unlisted_fields()
        names = [name for name in self.fields if name not in unlisted]
        helper.layout = Layout(
            *(make_conditional_field(name, conditional[name]) if name in conditional else name for name in names)
        )
        return helper

    def get_unlisted_fields(self) -> set[str]:
        """Return the names of the fields that are not listed in the layout."""
        return set() if self.event.topics.exists() else {"topics"}

    @property
    def has_conditions(self) -> bool:
        return any(map(self.is_conditional, self.questions))


def make_conditional_field(name: str, question: Question) -> Div:
    """Wrap the field with the attributes by which conditions.js shows or hides it."""
    shown_if = get_field_name(question.shown_if)
    return Div(name, data_question=name, data_shown_if=shown_if, data_answer=question.shown_if_answer)


class SignUpForm(AttendeeForm):
    """The public form: the person, the event's questions, consent."""

    consent = forms.BooleanField()
    website = forms.CharField(label=_("Leave this field empty"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name not in ("website", "consent")])  # those last
        self.fields["website"].widget.attrs.update(autocomplete="off", tabindex="-1")
        self.fields["consent"].error_messages["required"] = _(
            "Please tick this box if you agree. Without your agreement the organisers cannot register you."
        )
        self.fields["email"].help_text = _("We will send your confirmation and personal link here.")
        self.mark_required_fields()
        link = format_html(
            '<a href="{}" target="_blank" rel="noopener">{}</a>',
            reverse("conference:privacy", args=[self.event.slug]),
            _("privacy notice (opens in a new tab)"),
        )
        text = _(
            "I agree that the organisers may use this data to run the conference, as described in the {privacy_notice}"
        )
        self.fields["consent"].label = format_html("{} ({})", format_html(text, privacy_notice=link), _("required"))

    @cached_property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout.extend([Div(Field("website"), css_class="honeypot"), "consent"])
        return helper

    def get_unlisted_fields(self) -> set[str]:
        return super().get_unlisted_fields() | {"consent", "website"}

    def clean_website(self):
        if self.cleaned_data["website"]:
            raise ValidationError(_("This field is a trap for spam robots. Please clear it and send the form again."))
        return ""

    def build_registration(self, *, language: str) -> Registration:
        """Build the unsaved registration that a valid form describes, for a visitor who reads `language`."""
        registration = self.save(commit=False)
        registration.event = self.event
        registration.language = language
        registration.consented_at = timezone.now()
        registration.answers = {key: answer for key, answer in self.answers().items() if answer is not None}
        return registration


class EditForm(AttendeeForm):
    """What people may change behind their personal link: everything but the event."""

    language = forms.ChoiceField(label=_("Language of e-mail"), choices=settings.LANGUAGES)

    class Meta(RegistrationForm.Meta):
        fields = [*RegistrationForm.Meta.fields, "language"]

    def __init__(self, *args, instance: Registration, **kwargs):
        super().__init__(*args, instance=instance, event=instance.event, **kwargs)
        if instance.new_email:
            self.initial["email"] = instance.new_email
        self.fields["email"].help_text = _(
            "If you change the address, we will first e-mail the new one. The change takes effect when "
            "you confirm it there."
        )
        self.mark_required_fields()

    def values(self) -> dict:
        """Return the registration's fields except the e-mail address, and the answers to the questions on the form."""
        fields = {name: self.cleaned_data[name] for name in [*PERSON_FIELDS, "language"] if name != "email"}
        return fields | {"answers": self.answers()}
