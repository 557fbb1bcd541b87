"""What search engines, and sites where a page is shared, are told about it."""

from django.utils.text import Truncator

from conference.models import Event

# What Facebook and others call the languages: with the country whose way to write them it is.
LOCALES = {"lv": "lv_LV", "en": "en_GB"}

DESCRIPTION_LENGTH = 300


def get_og_locale(language: str) -> str:
    """The Open Graph locale of a language's code."""
    return LOCALES.get(language, f"{language}_{language.upper()}")


def get_description(event: Event) -> str:
    """Its summary in the active language, on one line and not endless; when and where where it has none."""
    words = " ".join(str(event.summary).split()) or f"{event.when}. {event.venue.name}, {event.venue.address}"
    return Truncator(words).chars(DESCRIPTION_LENGTH)
