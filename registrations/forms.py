"""What people fill in: how it looks, what is required, what is refused and in which words."""

import re
import unicodedata
from functools import cache

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import escape, format_html
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from conference.models import Event
from registrations.models import Question, Registration

PERSON_FIELDS = ["first_name", "last_name", "email", "organisation", "job_title", "country", "sector"]

# How browsers and phones help to fill a field in: the HTML standard's autofill names.
HINTS = {
    "first_name": {"autocomplete": "given-name"},
    "last_name": {"autocomplete": "family-name"},
    "email": {"autocomplete": "email", "inputmode": "email"},
    "organisation": {"autocomplete": "organization"},
    "job_title": {"autocomplete": "organization-title"},
    "country": {"autocomplete": "country"},
}

DIRECTION_MARKS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def validate_visible_lines(text: str) -> None:
    """The same as `validate_visible`, for texts of several lines."""
    validate_visible(re.sub(r"[\n\r\t]", " ", text))


def validate_visible(text: str) -> None:
    """Raises ValidationError for characters that nobody sees and that break lines or turn their direction."""
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") or character in DIRECTION_MARKS for character in text):
        raise ValidationError(_("Please remove the invisible control characters."), code="control_character")


@cache
def country_choices(language: str, first: str) -> list[tuple[str, str]]:
    """Every country by its name in `language`, sorted, with the country `first` on top. Runs once for each pair."""
    names = [(code, str(name)) for code, name in countries]
    return [("", "—"), *[pair for pair in names if pair[0] == first], *[pair for pair in names if pair[0] != first]]


class CountryField(forms.ChoiceField):
    """A country, the one where the event is held on top. Checks an answer without walking through all names."""

    def put_first(self, code: str) -> None:
        self.widget.choices = country_choices(get_language(), code)

    def valid_value(self, value):
        return value in countries.countries


class AddressField(forms.EmailField):
    """An e-mail address, in the one spelling that everything which is compared and sent uses.

    Host names know no case and have look-alikes beyond ASCII that lead to the same host, or to another one
    than PostgreSQL takes them for; what stands before the @ is ASCII without control characters.
    """

    def clean(self, value):
        email = super().clean(value)
        local, _at, host = email.rpartition("@")
        try:
            email = email and f"{local}@{host.lower().encode('idna').decode('idna')}"
        except UnicodeError:
            raise ValidationError(EmailValidator.message, code="invalid") from None
        if not (local.isascii() and local.isprintable()):
            raise ValidationError(EmailValidator.message, code="invalid")
        self.run_validators(email)
        return email


class RegistrationForm(forms.ModelForm):
    """A person and the topics of the event that they register for."""

    country = CountryField(label=_("Country"), required=False)

    class Meta:
        model = Registration
        fields = [*PERSON_FIELDS, "topics"]
        field_classes = {"email": AddressField}
        widgets = {"topics": forms.CheckboxSelectMultiple}

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event
        self.fields["topics"].queryset = event.topics.all()
        self.fields["sector"].choices = [("", "—"), *Registration.Sector.choices]
        self.fields["country"].put_first(event.venue.country.code)
        for name in ("first_name", "last_name", "organisation", "job_title"):
            self.fields[name].validators.append(validate_visible)

    def _get_validation_exclusions(self):
        # The form's fields were made from the model's and have checked the same; twice costs a tenth of a sign-up.
        return super()._get_validation_exclusions() | set(PERSON_FIELDS)

    def validate_constraints(self):
        """Nothing: the constraints concern the status, which operations write, and are checked under their lock."""


def fields_only() -> FormHelper:
    """Lays out the fields alone: the page's own form element carries the token, so they can be kept and reused."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class AttendeeForm(RegistrationForm):
    """What attendees fill in themselves: the person and the answers to the event's questions."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = list(self.event.questions.all())
        for question in self.questions:
            self.fields[question_field_name(question)] = question_field(question)
        for name, attributes in HINTS.items():
            self.fields[name].widget.attrs.update(attributes)

    def say_what_is_required(self) -> None:
        for field in self.fields.values():
            if field.required:
                field.label = format_lazy("{label} ({required})", label=field.label, required=_("required"))

    @cached_property
    def helper(self) -> FormHelper:
        helper = fields_only()
        helper.layout = Layout(*(name for name in self.fields if name not in self.left_out()))
        return helper

    def left_out(self) -> set[str]:
        """The fields that the layout does not name."""
        return set() if self.event.topics.exists() else {"topics"}

    def answers(self) -> dict:
        """What a valid form answers to the event's questions."""
        return {question.key: self.cleaned_data[question_field_name(question)] for question in self.questions}


class SignUpForm(AttendeeForm):
    """The public form: the person, the event's questions, consent."""

    consent = forms.BooleanField()
    website = forms.CharField(label=_("Leave this field empty"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["website"].widget.attrs.update(autocomplete="off", tabindex="-1")
        self.fields["consent"].error_messages["required"] = _(
            "Without your agreement the organisers may not register you."
        )
        self.say_what_is_required()
        self.fields["consent"].label = format_html(
            '{} ({}) <a href="{}" target="_blank" rel="noopener">{}</a>',
            _("I agree that the organisers use these data to run the event."),
            _("required"),
            reverse("conference:privacy", args=[self.event.slug]),
            _("Privacy notice (opens in a new tab)"),
        )

    @cached_property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout.extend([Div(Field("website"), css_class="trap"), "consent"])
        return helper

    def left_out(self) -> set[str]:
        return super().left_out() | {"consent", "website"}

    def clean_website(self):
        if self.cleaned_data["website"]:
            raise ValidationError(_("This field is here to catch robots. Please empty it and send the form again."))
        return ""

    def filled_in(self, *, language: str) -> Registration:
        """The unsaved registration that a valid form describes, for a visitor who reads `language`."""
        registration = self.save(commit=False)
        registration.event = self.event
        registration.language = language
        registration.consented_at = timezone.now()
        registration.answers = self.answers()
        return registration


class EditForm(AttendeeForm):
    """What people may change behind their personal link: everything but the event."""

    language = forms.ChoiceField(label=_("Language of e-mail"), choices=settings.LANGUAGES)

    class Meta(RegistrationForm.Meta):
        fields = [*RegistrationForm.Meta.fields, "language"]

    def __init__(self, *args, instance: Registration, **kwargs):
        super().__init__(*args, instance=instance, event=instance.event, **kwargs)
        for question in self.questions:
            self.initial[question_field_name(question)] = instance.answers.get(question.key)
        if instance.new_email:
            self.initial["email"] = instance.new_email
        self.fields["email"].help_text = _(
            "To another address we first send an e-mail, and it counts when you confirm it from there."
        )
        self.say_what_is_required()

    def values(self) -> dict:
        """The registration's fields but the address; answers to questions that are not asked any more are kept."""
        fields = {name: self.cleaned_data[name] for name in [*PERSON_FIELDS, "language"] if name != "email"}
        return fields | {"answers": self.instance.answers | self.answers()}


class FindForm(forms.Form):
    """Asks for the personal links of an address."""

    email = AddressField(label=_("E-mail"), max_length=254)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs.update(HINTS["email"])

    @cached_property
    def helper(self) -> FormHelper:
        return fields_only()


def question_field_name(question: Question) -> str:
    return f"question_{question.key}"


def question_field(question: Question) -> forms.Field:
    """The form field that asks this question."""
    common = {
        "label": str(question.label),
        "help_text": escape(question.help_text),  # the form's templates print help as markup
        "required": question.is_required,
    }
    match question.kind:
        case Question.Kind.YES_NO:
            return forms.BooleanField(**common)
        case Question.Kind.LONG_TEXT:
            box = forms.Textarea(attrs={"rows": 4})
            return forms.CharField(max_length=4000, widget=box, validators=[validate_visible_lines], **common)
        case _:
            return forms.CharField(max_length=400, validators=[validate_visible], **common)
