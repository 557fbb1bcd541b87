"""Fields that more than one form has, and what may be typed into any."""

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
    """The same as `validate_visible`, for texts of several lines."""
    validate_visible(re.sub(r"[\n\r\t]", " ", text))


def validate_visible(text: str) -> None:
    """Raises ValidationError for characters that nobody sees and that break lines or turn their direction."""
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") or character in DIRECTION_MARKS for character in text):
        raise ValidationError(
            _("This text contains invisible characters. Please delete it and type it again."), code="control_character"
        )


def get_sort_key(name: str) -> list[int]:
    """What to sort names by as a Latvian list does, which for English ones is their own order: Cuba, Čada."""
    letters = (one if one in ALPHABET else unicodedata.normalize("NFKD", one)[0] for one in name.lower())
    return [ALPHABET.find(letter) for letter in letters]


@cache
def list_country_choices(language: str, first: str) -> list[tuple[str, str]]:
    """Every country by its name in `language`, sorted, with the country `first` on top. Runs once for each pair."""
    names = sorted(((code, str(name)) for code, name in countries), key=lambda pair: get_sort_key(pair[1]))
    return [
        ("", gettext("Choose…")),
        *[pair for pair in names if pair[0] == first],
        *[pair for pair in names if pair[0] != first],
    ]


class CountryField(forms.ChoiceField):
    """A country, the one where the event is held on top. Checks an answer without walking through all names."""

    def set_first(self, code: str) -> None:
        self.widget.choices = list_country_choices(get_language(), code)

    def valid_value(self, value):
        return value in countries.countries


class TopicsField(forms.ModelMultipleChoiceField):
    """The event's topics, each in its own language."""

    def label_from_instance(self, topic):
        return with_lang(topic.title)


class LinesField(forms.CharField):
    """A text of several lines, with one sign between them, where browsers send two."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class NormalizedEmailField(forms.EmailField):
    """An e-mail address, in the one spelling that everything which is compared and sent uses.

    Host names know no case and have look-alikes beyond ASCII that lead to the same host, or to another one
    than PostgreSQL takes them for; what stands before the @ is ASCII without control characters.
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
