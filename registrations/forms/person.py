"""What attendees and organisers alike fill in about a person."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from conference.models import Event
from registrations.forms.error_messages import set_error_messages
from registrations.forms.fields import CountryField, NormalizedEmailField, TopicsField, validate_visible
from registrations.forms.mixins import EmailTypoMixin, LanguageSwitchMixin
from registrations.models import Registration

PERSON_FIELDS = ["first_name", "last_name", "email", "organisation", "job_title", "country", "sector"]

# How browsers and phones help to fill a field in: the HTML standard's autofill names.
AUTOFILL_ATTRS = {
    "first_name": {"autocomplete": "given-name"},
    "last_name": {"autocomplete": "family-name"},
    "email": {"autocomplete": "email", "inputmode": "email"},
    "organisation": {"autocomplete": "organization"},
    "job_title": {"autocomplete": "organization-title"},
    "country": {"autocomplete": "country"},
}


class RegistrationForm(forms.ModelForm):
    """A person and the topics of the event that they register for."""

    country = CountryField(label=_("Country"), required=False)

    class Meta:
        model = Registration
        fields = [*PERSON_FIELDS, "topics"]
        field_classes = {"email": NormalizedEmailField, "topics": TopicsField}
        widgets = {"topics": forms.CheckboxSelectMultiple}

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event
        self.fields["topics"].queryset = event.topics.all()
        self.fields["sector"].choices = [("", _("Choose…")), *Registration.Sector.choices]
        self.fields["country"].set_first(event.venue.country.code)
        for name in ("first_name", "last_name", "organisation", "job_title"):
            self.fields[name].validators.append(validate_visible)

    def _get_validation_exclusions(self):
        # The form's fields have checked the same already; twice would cost a tenth of a registration's time.
        return super()._get_validation_exclusions() | set(PERSON_FIELDS)

    def validate_constraints(self):
        """Check nothing: the constraints concern the status, which operations write and check under their lock."""


def make_fields_helper() -> FormHelper:
    """Make a helper that lays out the fields alone: the page has the form element and its token."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class FindForm(EmailTypoMixin, LanguageSwitchMixin, forms.Form):
    """Asks for the personal links of an address."""

    email = NormalizedEmailField(label=_("E-mail"), max_length=254)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs.update(AUTOFILL_ATTRS["email"])
        set_error_messages(self.fields.values())

    @cached_property
    def helper(self) -> FormHelper:
        return make_fields_helper()
