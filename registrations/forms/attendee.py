"""What attendees fill in themselves: how it looks, what is required, what is refused and in which words."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from registrations.forms.person import HINTS, PERSON_FIELDS, RegistrationForm, fields_only
from registrations.forms.questions import question_field, question_field_name, stored, typed
from registrations.models import Registration


class AttendeeForm(RegistrationForm):
    """What attendees fill in themselves: the person and the answers to the event's questions."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        held = self.instance.answers
        prefetch_related_objects([self.event], "questions__choices")
        self.questions = [question for question in self.event.questions.all() if question.is_asked_of_everyone]
        for question in self.questions:
            self.fields[question_field_name(question)] = question_field(question, held=held.get(question.key))
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
        given = {one.key: stored(one, self.cleaned_data[question_field_name(one)]) for one in self.questions}
        return {key: answer for key, answer in given.items() if answer is not None}


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
            self.initial[question_field_name(question)] = typed(question, instance.answers.get(question.key))
        if instance.new_email:
            self.initial["email"] = instance.new_email
        self.fields["email"].help_text = _(
            "To another address we first send an e-mail, and it counts when you confirm it from there."
        )
        self.say_what_is_required()

    def values(self) -> dict:
        """The registration's fields but the address; answers to questions that are not asked any more are kept."""
        fields = {name: self.cleaned_data[name] for name in [*PERSON_FIELDS, "language"] if name != "email"}
        asked = {question.key for question in self.questions}
        kept = {key: answer for key, answer in self.instance.answers.items() if key not in asked}
        return fields | {"answers": kept | self.answers()}
