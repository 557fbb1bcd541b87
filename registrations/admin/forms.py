"""What organisers fill in about a person."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.models import Event
from registrations.forms import AnsweringForm, RegistrationForm, question_field_name, questions_of
from registrations.models import Question, Registration


def language_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Language of e-mail"), choices=settings.LANGUAGES)


def is_asked_of_organisers(question: Question) -> bool:
    """Whether organisers fill in the answer among a person's other data. Needs have a page of their own."""
    return question.removed_at is None and not question.is_about_needs


def answer_fields(event: Event) -> list[str]:
    """The names of the form's fields for the questions of `event`."""
    return [question_field_name(question) for question in questions_of(event) if is_asked_of_organisers(question)]


def is_answered_earlier(question: Question, registration: Registration) -> bool:
    """Whether it is not asked any more, has an answer, and everybody may see that who changes registrations."""
    is_ordinary = question.removed_at is not None and not question.is_about_needs
    return is_ordinary and bool(question.said(registration.answers.get(question.key)))


class OrganisersForm(AnsweringForm):
    """Asks organisers about a person. They may not know, so none of the event's questions is required."""

    by_organiser = True

    def is_asked(self, question):
        return is_asked_of_organisers(question)


class RegistrationAddForm(OrganisersForm):
    """Somebody whom an organiser signs up by hand: the director who phoned."""

    language = language_field()
    consent = forms.BooleanField(
        label=_("Has agreed to the privacy notice"), required=False, help_text=_("Tick it only when they told you so.")
    )
    beyond_capacity = forms.BooleanField(
        label=_("Give a place even if none is free"),
        required=False,
        help_text=_("Goes beyond the number of places and past everybody who waits."),
    )

    class Meta(RegistrationForm.Meta):
        fields = [*RegistrationForm.Meta.fields, "internal_note"]

    def filled_in(self) -> Registration:
        """The unsaved registration that a valid form describes."""
        registration = self.save(commit=False)
        registration.event = self.event
        registration.source = Registration.Source.BY_HAND
        registration.language = self.cleaned_data["language"]
        registration.consented_at = timezone.now() if self.cleaned_data["consent"] else None
        registration.answers = {key: answer for key, answer in self.answers().items() if answer is not None}
        return registration


class RegistrationChangeForm(OrganisersForm):
    """What an organiser may correct. Status is not among it: only operations change it."""

    language = language_field()

    class Meta(RegistrationForm.Meta):
        fields = [*RegistrationForm.Meta.fields, "language", "internal_note"]

    def __init__(self, *args, instance: Registration, **kwargs):
        super().__init__(*args, instance=instance, event=instance.event, **kwargs)

    def ask(self, question):
        super().ask(question)
        # What the page showed goes with the form, so that only what the organiser changed counts as changed.
        self.fields[question_field_name(question)].show_hidden_initial = True

    def answer_to(self, question):
        is_changed = question_field_name(question) in self.changed_data
        return super().answer_to(question) if is_changed else self.held.get(question.key)

    def answers(self):
        """Only those that are to be changed: the person may have changed others since the page was opened."""
        return {key: answer for key, answer in super().answers().items() if answer != self.held.get(key)}

    def clean_email(self):
        email = self.cleaned_data["email"]
        others = self.event.registrations.live().with_email(email).exclude(pk=self.instance.pk)
        if not self.instance.is_cancelled and others.exists():
            raise ValidationError(_("Another registration for this event has this e-mail address."))
        return email
