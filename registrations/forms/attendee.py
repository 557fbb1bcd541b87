"""The forms that visitors fill in: to register, to change their registration, and to find it."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.urls import reverse
from django.utils.functional import cached_property, lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from registrations.email_typos import suggest_email
from registrations.forms.error_messages import set_error_messages
from registrations.forms.fields import NormalizedEmailField, get_field_name
from registrations.forms.questionnaire import PERSON_FIELDS, QuestionnaireForm
from registrations.forms.time_of_issue import TimeOfIssue
from registrations.models import Registration

# How browsers and phones help to fill a field in: the HTML standard's autofill names.
AUTOFILL_ATTRS = {
    "first_name": {"autocomplete": "given-name"},
    "last_name": {"autocomplete": "family-name"},
    "email": {"autocomplete": "email"},
    "organisation": {"autocomplete": "organization"},
    "job_title": {"autocomplete": "organization-title"},
    "country": {"autocomplete": "country"},
}
# The name under which language.js sends whether the form shows "errors" or "nothing", when a filled-in form is only to
# be shown in another language.
LANGUAGE_SWITCH = "language_switch"
# What is sent under this name registers another person with the same address: BEGIN comes from the button that only
# shows the form, with what colleagues have in common.
COLLEAGUE, BEGIN = "colleague", "begin"

# Made when the form is shown, not when it is only read.
format_html_lazy = lazy(format_html, SafeString)


def render_consent_label(slug: str, text: str) -> SafeString:
    link = format_html(
        '<a href="{}" target="_blank" rel="noopener">{}</a>',
        reverse("conference:privacy", args=[slug]),
        _("privacy notice (opens in a new tab)"),
    )
    return format_html("{} ({})", format_html(text, privacy_notice=link), _("required"))


format_consent_label = lazy(render_consent_label, SafeString)


class FieldsHelper(FormHelper):
    """Lays out the fields alone: the page has the form element and its token."""

    form_tag = False
    disable_csrf = True


class VisitorFormMixin:
    """For a form with a field `email`: asks once whether an address that looks mistyped is right.

    The template sends that address along as `checked_email`. Sent again, it is accepted: it may exist.
    The form can be shown in another language, or for a colleague, with what was typed: nothing is saved then.
    """

    checked_email = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in AUTOFILL_ATTRS.keys() & self.fields.keys():
            self.fields[name].widget.attrs.update(AUTOFILL_ATTRS[name])
        set_error_messages(self.fields.values())

    @property
    def is_submitted(self) -> bool:
        """Whether the person pressed the button."""
        return self.is_bound and not self.is_refresh

    @property
    def is_refresh(self) -> bool:
        """Whether the form is only to be shown again, in another language or for a colleague."""
        return self.is_bound and (LANGUAGE_SWITCH in self.data or self.begins_for_colleague)

    @property
    def begins_for_colleague(self) -> bool:
        return self.data.get(COLLEAGUE) == BEGIN

    def is_valid(self) -> bool:
        return self.is_submitted and super().is_valid()

    @property
    def errors(self):
        """The form's errors; none if it showed none before its language was switched, or is only begun."""
        shows_none = self.data.get(LANGUAGE_SWITCH) == "nothing" or self.begins_for_colleague
        return ErrorDict() if shows_none else super().errors

    def clean(self) -> dict:
        """Ask only when everything else is valid, so that pressing the button again answers this question alone."""
        cleaned = super().clean()
        email = self.cleaned_data.get("email")
        if not email:  # there is an error, or the person has none
            return cleaned
        if self.is_submitted and self.data.get("checked_email") == email:
            self.checked_email = email
        elif not self._errors and email != self.initial.get("email") and (meant := suggest_email(email)) != email:
            self.checked_email = email
            question = _("Did you mean %(meant)s? If the address you entered is correct, just press the button again.")
            self.add_error("email", ValidationError(question, code="mistyped", params={"meant": meant}))
        return cleaned


class AttendeeForm(VisitorFormMixin, QuestionnaireForm):
    """What attendees fill in themselves: the person and the answers to the event's questions."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        required = {get_field_name(question) for question in self.questions if question.is_required}
        for name, field in self.fields.items():
            if field.required or name in required:
                field.short_label = field.label
                field.label = format_html_lazy("{} ({})", field.label, _("required"))
        self.fields["last_name"].help_text = _("Please enter both names. If you have only one, one field is enough.")

    @cached_property
    def helper(self) -> FieldsHelper:
        helper = FieldsHelper()
        helper.layout = Layout(*self.build_layout().values())
        return helper

    def build_layout(self) -> dict[str, str | Div]:
        """Return the fields to show, conditional ones with the attributes by which conditions.js shows and hides."""
        layout = {name: name for name in self.fields}
        for question in filter(self.is_conditional, self.questions):
            name, shown_if = get_field_name(question), get_field_name(question.shown_if)
            attributes = {"data_question": name, "data_shown_if": shown_if, "data_answer": question.shown_if_answer}
            layout[name] = Div(name, **attributes)
        return layout

    @property
    def has_conditions(self) -> bool:
        return any(map(self.is_conditional, self.questions))


class SignUpForm(AttendeeForm):
    """The public form: the person, the event's questions, consent. Or another person, whom a colleague registers."""

    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )
    consent = forms.BooleanField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name not in ("website", "consent")])  # those last
        self.fields["email"].help_text = _("We will send your confirmation and personal link here.")
        if self.event.one_per_address:
            self.fields["email"].help_text = _(
                "We will send your confirmation and personal link here. Each e-mail address can have one registration."
            )
        self.set_consent_texts(
            self.event.sentences.consent,
            _("Please tick this box if you agree. Without your agreement the organisers cannot register you."),
        )
        self.issued = TimeOfIssue(self.event, self.data.get("issued", "") if self.is_bound else None)
        if self.is_for_colleague:
            self.ask_about_colleague()

    @property
    def is_for_colleague(self) -> bool:
        return COLLEAGUE in self.data

    def ask_about_colleague(self) -> None:
        """Let the browser suggest nobody's name, and ask for that person's agreement."""
        for name in ("first_name", "last_name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        if self.begins_for_colleague:
            self.checked_email = self.data.get("email", "")  # accepted a moment ago
        self.set_consent_texts(
            _("This person agrees that the organisers may use this data as described in the {privacy_notice}"),
            _("Please tick this box if the person agrees. Otherwise the organisers cannot register them."),
        )

    def take_focus(self) -> None:
        """Let whoever begins with a colleague type the name at once. In a frame, browsers refuse that."""
        if self.begins_for_colleague:
            self.fields["first_name"].widget.attrs |= {"autofocus": True, "aria-describedby": "for_colleague"}

    def set_consent_texts(self, label: str, error: str) -> None:
        self.fields["consent"].label = format_consent_label(self.event.slug, label)
        self.fields["consent"].error_messages["required"] = error

    def build_layout(self):
        return super().build_layout() | {"website": Div("website", css_class="honeypot")}

    def clean(self):
        cleaned = super().clean()
        if self.is_submitted and not self._errors and (problem := self.issued.find_problem()):
            self.add_error(None, problem)
        return cleaned

    def clean_website(self):
        if self.cleaned_data["website"]:
            raise ValidationError(_("This field is a trap for spam robots. Please clear it and send the form again."))
        return ""


class EditForm(AttendeeForm):
    """What people may change behind their personal link: everything but the event."""

    language = forms.ChoiceField(label=_("Language of e-mail"), choices=settings.LANGUAGES)

    class Meta(QuestionnaireForm.Meta):
        fields = [*QuestionnaireForm.Meta.fields, "language"]

    def __init__(self, *args, instance: Registration, **kwargs):
        super().__init__(*args, instance=instance, event=instance.event, **kwargs)
        if instance.new_email:
            self.initial["email"] = instance.new_email
        self.fields["email"].help_text = _(
            "If you change the address, we will first e-mail the new one. The change takes effect when "
            "you confirm it there."
        )

    def values(self) -> dict:
        """Return the registration's fields except the e-mail address, and the answers to the questions on the form."""
        names = [name for name in [*PERSON_FIELDS, "language"] if name in self.fields and name != "email"]
        fields = {name: self.cleaned_data[name] for name in names}
        return fields | {"answers": self.answers}


class FindForm(VisitorFormMixin, forms.Form):
    """Asks for the personal links of an address."""

    email = NormalizedEmailField(label=_("E-mail"), max_length=254)
    helper = FieldsHelper()
