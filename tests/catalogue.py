"""The words of the interface: which there are in English, and which in Latvian."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django
import django_countries
import polib
from django.conf import settings

from tests.reading import read

LATVIAN = Path("locale", "lv", "LC_MESSAGES", "django.po")
OURS = settings.BASE_DIR / LATVIAN
DJANGOS = Path(django.__file__).parent / "conf" / LATVIAN
COUNTRIES = Path(django_countries.__file__).parent / LATVIAN

# What is no word: addresses, a ticket's code in groups, markup in a translation, and the places of what is filled in.
NO_WORDS = re.compile(
    r"https?://\S+|\S+@\S+|\b[\w-]+(\.[\w-]+)+|\b[0-9A-Z]{4}( [0-9A-Z]{4}){3,}\b"
    r"|<[^>]*>|%\(\w+\)\w|%\w|\{\w*\}|&\w+;"
)
NUMBERS = [0, 1, 2, 10, 11, 21, 100, 101, 111, 121]


def catalogue() -> polib.POFile:
    return polib.pofile(str(OURS))


def words(text: str) -> set[str]:
    """The words of two letters or more, in small letters. A reference such as K7AM2QXZ is none."""
    return set(re.findall(r"(?<!\w)[^\W\d_]{2,}(?!\w)", NO_WORDS.sub(" ", text).lower()))


def texts_of(entry: polib.POEntry) -> Iterator[str]:
    yield entry.msgstr
    yield from entry.msgstr_plural.values()


@cache
def only_english() -> frozenset[str]:
    """The words of the interface's English, ours and Django's and the countries', that its Latvian does not have."""
    entries = [entry for path in (OURS, DJANGOS, COUNTRIES) for entry in polib.pofile(str(path))]
    english = {word for entry in entries for word in words(f"{entry.msgid} {entry.msgid_plural}")}
    return frozenset(english - {word for entry in entries for text in texts_of(entry) for word in words(text)})


def english_words(text: str) -> set[str]:
    """The words of a Latvian text that are English."""
    return words(text) & only_english()


def english_words_on(html: str) -> set[str]:
    """The words that a Latvian page shows or reads out, and that are English; what is marked as English may be."""
    return {word for one in read(html) if one.language != "en" for word in english_words(one.text)}
