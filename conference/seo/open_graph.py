"""Descriptions and locales for search engines and social networks."""

from django.utils.text import Truncator

from conference.models import Event

# Open Graph locales name a country as well.
LOCALES = {"lv": "lv_LV", "en": "en_GB"}

DESCRIPTION_LENGTH = 300


def get_og_locale(language: str) -> str:
    """Return the Open Graph locale of a language code."""
    return LOCALES.get(language, f"{language}_{language.upper()}")


def get_description(event: Event) -> str:
    """Return the event's summary on one line, shortened; date and place if it has no summary."""
    words = " ".join(str(event.summary).split()) or f"{event.when}. {event.venue.name}, {event.venue.address}"
    return Truncator(words).chars(DESCRIPTION_LENGTH)
