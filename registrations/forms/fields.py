"""Fields and validators that more than one form uses, and error messages that say what to do."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from conference.text.languages import with_lang
from registrations.search import ALPHABET

DIRECTION_MARKS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

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


def validate_visible_lines(text: str) -> None:
    """Do the same as `validate_visible`, for texts of several lines."""
    validate_visible(re.sub(r"[\n\r\t]", " ", text))


def validate_visible(text: str) -> None:
    """Raise ValidationError for invisible characters that break lines or change the direction of writing."""
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") or character in DIRECTION_MARKS for character in text):
        raise ValidationError(
            _("This text contains invisible characters. Please delete it and type it again."), code="control_character"
        )


def get_sort_key(name: str) -> list[int]:
    """Return a key that sorts names by the Latvian alphabet, which is right for English ones too: Cuba, Čada."""
    letters = (one if one in ALPHABET else unicodedata.normalize("NFKD", one)[0] for one in name.lower())
    return [ALPHABET.find(letter) for letter in letters]


@cache
def list_country_choices(language: str, first: str) -> list[tuple[str, str]]:
    """List every country by its name in `language`, sorted, with the country `first` on top. Cached for each pair."""
    named = [(code, str(name)) for code, name in countries]
    return [("", gettext("Choose…")), *sorted(named, key=lambda pair: (pair[0] != first, get_sort_key(pair[1])))]


class CountryField(forms.ChoiceField):
    """A country. Validates a value without translating all names, which are listed only to be shown."""

    def valid_value(self, value):
        return value in countries.countries


class TopicsField(forms.ModelMultipleChoiceField):
    """The event's topics, each in its own language."""

    def label_from_instance(self, topic):
        return with_lang(topic.title)


class LinesField(forms.CharField):
    """A text of several lines, with one character for a line break, where browsers send two."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class NormalizedEmailField(forms.EmailField):
    """An e-mail address in the one spelling in which it is stored, compared and used to send.

    Host names are case-insensitive, and non-ASCII spellings can lead to the same host, or to another one than
    PostgreSQL compares; the part before the @ must be printable ASCII.
    """

    default_error_messages = {"invalid": EmailValidator.message}

    def clean(self, value):
        email = super().clean(value)
        local, _at, host = email.rpartition("@")
        try:
            email = email and f"{local}@{host.lower().encode('idna').decode('idna')}"
        except UnicodeError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if not (local.isascii() and local.isprintable()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        self.run_validators(email)
        return email
