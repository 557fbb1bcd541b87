"""What organisers fill in about a person."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registrations.forms import RegistrationForm
from registrations.models import Registration


def language_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Language of e-mail"), choices=settings.LANGUAGES)


class RegistrationAddForm(RegistrationForm):
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
        return registration


class RegistrationChangeForm(RegistrationForm):
    """What an organiser may correct. Status is not among it: only operations change it."""

    language = language_field()

    class Meta(RegistrationForm.Meta):
        fields = [*RegistrationForm.Meta.fields, "language", "internal_note"]

    def __init__(self, *args, instance: Registration, **kwargs):
        super().__init__(*args, instance=instance, event=instance.event, **kwargs)

    def clean_email(self):
        email = self.cleaned_data["email"]
        others = self.event.registrations.live().with_email(email).exclude(pk=self.instance.pk)
        if not self.instance.is_cancelled and others.exists():
            raise ValidationError(_("Another registration for this event has this e-mail address."))
        return email
