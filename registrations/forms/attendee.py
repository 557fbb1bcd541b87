"""The forms that visitors fill in: to register, to change their registration, and to find it."""

from collections.abc import Iterable

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
from registrations.forms.fields import NormalizedEmailField, get_field_name
from registrations.forms.questionnaire import PERSON_FIELDS, QuestionnaireForm
from registrations.models import Registration

# How browsers and phones help to fill a field in: the HTML standard's autofill names.
AUTOFILL_ATTRS = {
    "first_name": {"autocomplete": "given-name"},
    "last_name": {"autocomplete": "family-name"},
    "email": {"autocomplete": "email", "inputmode": "email"},
    "organisation": {"autocomplete": "organization"},
    "job_title": {"autocomplete": "organization-title"},
    "country": {"autocomplete": "country"},
}
# The name under which language.js sends whether the form shows "errors" or "nothing", when a filled-in form is only to
# be shown in another language.
LANGUAGE_SWITCH = "language_switch"

# By the codes of Django's own errors.
ERROR_MESSAGES = {
    "required": _("Please fill in this field."),
    "max_length": _("Please shorten this to %(limit_value)d characters; it has %(show_value)d now."),
    **dict.fromkeys(
        ["invalid_choice", "invalid_pk_value"], _("This option is no longer available. Please choose again.")
    ),
    **dict.fromkeys(
        ["max_digits", "max_decimal_places", "max_whole_digits"],
        _("Please enter a number with at most 11 digits, no more than 4 of them after the decimal point."),
    ),
    **dict.fromkeys(["min_value", "max_value"], _("Please enter a date between 1900 and 2100.")),
}
OWN_ERROR_MESSAGES = {
    forms.ChoiceField: {"required": _("Please choose an answer.")},
    forms.EmailField: {"invalid": _("Please check the e-mail address; it should look like name@example.org.")},
    forms.DecimalField: {"invalid": _("Please enter a number, for example 12 or 2.5.")},
    forms.DateField: {"invalid": _("Please enter a date, for example 19.09.2027.")},
}


def set_error_messages(fields: Iterable[forms.Field]) -> None:
    """Replace Django's messages, which organisers see, by those for attendees."""
    for field in fields:
        field.error_messages |= ERROR_MESSAGES
        for kind, messages in OWN_ERROR_MESSAGES.items():
            if isinstance(field, kind):
                field.error_messages |= messages


# Made when the form is shown, not when it is only read.
format_html_lazy = lazy(format_html, SafeString)


def render_consent_label(slug: str) -> SafeString:
    link = format_html(
        '<a href="{}" target="_blank" rel="noopener">{}</a>',
        reverse("conference:privacy", args=[slug]),
        _("privacy notice (opens in a new tab)"),
    )
    text = _(
        "I agree that the organisers may use this data to run the conference, as described in the {privacy_notice}"
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
    The form can be shown in another language with what was typed: nothing is saved then.
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
        return self.is_bound and LANGUAGE_SWITCH not in self.data

    @property
    def is_refresh(self) -> bool:
        """Whether the form is only to be shown again, in another language."""
        return self.is_bound and not self.is_submitted

    def is_valid(self) -> bool:
        return self.is_submitted and super().is_valid()

    @property
    def errors(self):
        """The form's errors; none if it showed none before its language was switched."""
        return ErrorDict() if self.data.get(LANGUAGE_SWITCH) == "nothing" else super().errors

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

    @cached_property
    def helper(self) -> FieldsHelper:
        helper = FieldsHelper()
        helper.layout = Layout(*self.build_layout().values())
        return helper

    def build_layout(self) -> dict[str, str | Div]:
        """Return the fields to show, conditional ones with the attributes by which conditions.js shows and hides."""
        layout = {name: name for name in self.fields if name != "topics" or self.fields[name].topics}
        for question in filter(self.is_conditional, self.questions):
            name, shown_if = get_field_name(question), get_field_name(question.shown_if)
            attributes = {"data_question": name, "data_shown_if": shown_if, "data_answer": question.shown_if_answer}
            layout[name] = Div(name, **attributes)
        return layout

    @property
    def has_conditions(self) -> bool:
        return any(map(self.is_conditional, self.questions))


class SignUpForm(AttendeeForm):
    """The public form: the person, the event's questions, consent."""

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
        self.fields["consent"].error_messages["required"] = _(
            "Please tick this box if you agree. Without your agreement the organisers cannot register you."
        )
        self.fields["consent"].label = format_consent_label(self.event.slug)

    def build_layout(self):
        return super().build_layout() | {"website": Div("website", css_class="honeypot")}

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
        fields = {name: self.cleaned_data[name] for name in [*PERSON_FIELDS, "language"] if name != "email"}
        return fields | {"answers": self.answers}


class FindForm(VisitorFormMixin, forms.Form):
    """Asks for the personal links of an address."""

    email = NormalizedEmailField(label=_("E-mail"), max_length=254)
    helper = FieldsHelper()
