"""Fields and validators that more than one form uses."""

import re
import unicodedata
from functools import cache

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from conference.text.languages import with_lang
from registrations.search import ALPHABET

DIRECTION_MARKS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


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
    names = sorted(((code, str(name)) for code, name in countries), key=lambda pair: get_sort_key(pair[1]))
    return [
        ("", gettext("Choose…")),
        *[pair for pair in names if pair[0] == first],
        *[pair for pair in names if pair[0] != first],
    ]


class CountryField(forms.ChoiceField):
    """A country, the one where the event is held on top. Validates a value without translating all names."""

    def set_first(self, code: str) -> None:
        self.widget.choices = list_country_choices(get_language(), code)

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
