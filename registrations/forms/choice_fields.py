"""Form fields that offer a list: countries, the event's sectors and topics."""

import unicodedata
from collections.abc import Iterable
from functools import cache

from django import forms
from django.utils.translation import gettext
from django_countries import countries

from conference.models import Topic
from conference.text.languages import get_fallback_language, with_lang
from registrations.forms.fields import refuse_too_many
from registrations.search import ALPHABET


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


class SectorSelect(forms.Select):
    """Marks each option with the language of its label, where that is not the page's."""

    def create_option(self, name, value, label, *args, **kwargs):
        option = super().create_option(name, value, str(label), *args, **kwargs)
        if language := get_fallback_language(label):
            option["attrs"]["lang"] = language
        return option


class TopicsField(forms.MultipleChoiceField):
    """The event's topics, each in its own language, as they were read with the event."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, topics: Iterable[Topic]) -> None:
        self.topics = {str(topic.pk): topic for topic in topics}
        self.choices = lambda: [(key, with_lang(topic.title)) for key, topic in self.topics.items()]

    def prepare_value(self, value):
        return [str(one.pk) if isinstance(one, Topic) else one for one in value or []]

    def valid_value(self, value):
        return value in self.topics

    def clean(self, value):
        refuse_too_many(value, len(self.topics), self.error_messages)
        chosen = super().clean(value)
        return [topic for key, topic in self.topics.items() if key in chosen]

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)
