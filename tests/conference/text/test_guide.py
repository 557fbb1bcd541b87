"""The guide for organisers is the same in all languages, and quotes what stands on the screen."""

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import django
import polib
import pytest
from django.conf import settings
from PIL import Image

from conference.text.guide import HEADING, get_guide_path, read_guide
from tests.catalogue import LATVIAN, OURS

ADMINS = Path(django.__file__).parent / "contrib" / "admin" / LATVIAN
LANGUAGES = [code for code, _name in settings.LANGUAGES]
QUOTED = {"en": re.compile("“([^“”]+)”"), "lv": re.compile("„([^„”]+)”")}
PICTURE = re.compile(r"!\[(.*)\]\(\.\./static/(guide/(..)/[a-z-]+\.webp)\)")


@cache
def read_sections(language: str) -> dict[str, str]:
    """Return the text of the guide by the anchors of its headings."""
    text = get_guide_path(language).read_text(encoding="utf-8")
    before, *parts = re.split(r"(?m)^(?=##)", text)
    return {"": before} | {HEADING.match(part)[3]: part.partition("\n")[2] for part in parts}


@cache
def translations() -> dict[str, set[str]]:
    """Return the Latvian of every text of the interface, by its English without regard to case."""
    found = {}
    for entry in (entry for path in (OURS, ADMINS) for entry in polib.pofile(str(path))):
        found.setdefault(entry.msgid.casefold(), set()).add(entry.msgstr.casefold())
    return found


def list_quotes(language: str) -> dict[str, list[str]]:
    sections = read_sections(language).items()
    return {anchor: [text.casefold() for text in QUOTED[language].findall(words)] for anchor, words in sections}


def count_parts(text: str) -> dict[str, int]:
    patterns = {
        "steps": r"(?m)^\d+\. ",
        "points": r"(?m)^- ",
        "rows": r"(?m)^\|",
        "links": r"\]\(#",
        "pictures": r"!\[",
    }
    return {name: len(re.findall(pattern, text)) for name, pattern in patterns.items()}


def test_both_languages_have_the_same_paragraphs_steps_and_pictures():
    english, latvian = (
        [(anchor, count_parts(text)) for anchor, text in read_sections(code).items()] for code in ("en", "lv")
    )
    assert english == latvian
    assert len(english) > 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_anchors_are_there_once_and_links_lead_to_them(language):
    html = read_guide(language).html
    anchors = Counter(re.findall('id="([^"]+)"', html))
    assert set(anchors.values()) == {1}
    assert set(re.findall('href="#([^"]+)"', html)) - set(anchors) == set()
    assert re.findall('href="[^#]', html) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_steps_are_numbered_from_one(language):
    for text in read_sections(language).values():
        numbers = [int(number) for number in re.findall(r"(?m)^(\d+)\. ", text)]
        assert all(number in (1, before + 1) for before, number in pairwise([0, *numbers]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_are_there_in_the_language_of_the_text_are_small_and_have_a_description(language):
    pictures = PICTURE.findall(get_guide_path(language).read_text(encoding="utf-8"))
    assert len(pictures) >= 7
    for description, name, folder in pictures:
        path = settings.BASE_DIR / "static" / name
        assert len(description) > 5
        assert folder == language
        assert path.stat().st_size <= 60 * 1024
        with Image.open(path) as image:
            assert image.format == "WEBP"
            assert f'width="{image.width}" height="{image.height}"' in read_guide(language).html
    files = {path.name for path in (settings.BASE_DIR / "static/guide" / language).iterdir()}
    assert files == {Path(name).name for _description, name, _folder in pictures}


def test_what_is_in_quotation_marks_stands_on_the_screen():
    assert [
        (anchor, quote)
        for anchor, quotes in list_quotes("en").items()
        for quote in quotes
        if quote not in translations()
    ] == []


def test_latvian_quotes_are_the_translations_of_the_english_ones():
    latvian = list_quotes("lv")
    wrong = {}
    for anchor, quotes in list_quotes("en").items():
        left = Counter(latvian[anchor])
        for quote in quotes:
            found = next((text for text in translations().get(quote, ()) if left[text]), None)
            if found is None:
                wrong.setdefault(anchor, []).append(quote)
            else:
                left[found] -= 1
        if extra := list(left.elements()):
            wrong.setdefault(anchor, []).append(extra)
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_has_no_other_quotation_marks(language):
    text = get_guide_path(language).read_text(encoding="utf-8")
    assert re.findall('["«»‚‘’]', text) == ([] if language == "lv" else re.findall("’", text))
    assert len(QUOTED[language].findall(text)) == text.count("”")


def test_the_contents_have_the_headings_in_their_parts():
    guide = read_guide("en")
    assert guide.title == "Guide for organisers"
    assert [part.anchor for part in guide.parts] == [
        *("first-steps", "setting-up", "open", "week-before", "day", "afterwards", "questions")
    ]
    assert guide.parts[-1].below[0] == (3, "Somebody asks whether they are registered", "am-i-registered", [])
    assert '<h3 id="am-i-registered">Somebody asks whether they are registered</h3>' in guide.html
    assert "{#" not in guide.html
