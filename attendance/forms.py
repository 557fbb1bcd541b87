"""What helpers fill in at the door, and on a phone that is to be paired."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from attendance.models import Door, DoorDevice
from conference.models import Event
from registrations.forms.fields import LineField, NameField, NormalizedEmailField
from registrations.models import Registration


class WalkInForm(forms.Form):
    """Somebody who comes without having registered."""

    first_name = NameField(label=_("First name"), max_length=100, required=False)
    last_name = NameField(label=_("Last name"), max_length=100, required=False)
    organisation = LineField(label=_("Organisation"), max_length=200, required=False)
    email = NormalizedEmailField(label=_("E-mail, if they would like a confirmation"), max_length=254, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    consent = forms.BooleanField(
        label=_("This person agrees that the organisers use this data for the event."),
        error_messages={"required": _("Please tick this box if the person agrees.")},
    )

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("first_name") or cleaned.get("last_name") or self._errors):
            raise ValidationError(_("Please enter at least one name."))
        return cleaned

    @classmethod
    def read(cls, values: dict) -> "WalkInForm | None":
        """Return the form filled in by a phone, without an e-mail address that is wrong; None if it is of no use."""
        texts = {name: value.encode(errors="replace").decode() for name, value in values.items() if type(value) is str}
        data = {**texts, "consent": values.get("consent") is True}
        form = cls(data)
        if "email" in form.errors:
            form = cls({**data, "email": ""})
        return form if form.is_valid() else None

    def build_registration(self, event: Event) -> Registration:
        values = {name: value for name, value in self.cleaned_data.items() if name != "consent"}
        return Registration(event=event, source=Registration.Source.BY_HAND, **values)


class PairingForm(forms.Form):
    """How helpers call the phone, and where it stands."""

    name = LineField(
        label=_("Name of this phone"),
        max_length=DoorDevice._meta.get_field("name").max_length,
        help_text=_("So that the organisers recognise it, for example “Phone by the stairs”."),
    )
    door = forms.ModelChoiceField(Door.objects.none(), label=_("Entrance"), required=False, empty_label=_("any"))

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["door"].queryset = event.doors.all()
        if not self.fields["door"].queryset:
            del self.fields["door"]
