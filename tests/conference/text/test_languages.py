"""Organisers' text that lacks the page's language is shown in another one, and says in which."""

import pytest
from django.utils.translation import override
from i18nfield.strings import LazyI18nString

from conference.text.languages import format_with_lang, get_fallback_language, join_with_lang, lang_attribute, with_lang
from conference.text.markdown import render_markdown

LATVIAN = LazyI18nString({"lv": "Grāmatas & cilvēki"})
BOTH = LazyI18nString({"lv": "Grāmatas", "en": "Books"})
PLAIN = LazyI18nString("Di-XL")


@pytest.mark.parametrize(
    ("data", "page", "language"),
    [
        ({"lv": "Grāmatas"}, "en", "lv"),
        ({"lv": "Grāmatas"}, "lv", ""),
        ({"en": "Books"}, "lv", "en"),
        ({"lv": "Grāmatas", "en": "Books"}, "en", ""),
        ({"lv": "Grāmatas", "en": ""}, "en", "lv"),
        ({"lv": "Grāmatas", "en": None}, "en", "lv"),
        ({"lv": "Grāmatas", "en": "Books"}, "et", "en"),  # the site's own language comes before the others
        ({"lt": "Knygos", "lv": "Grāmatas"}, "en", "lt"),
        ({"en-GB": "Books"}, "en", "en-GB"),
        ({"lv": "", "en": ""}, "en", ""),
        ({}, "en", ""),
        ("Di-XL", "en", ""),
        ("2027", "en", ""),
        (None, "en", ""),
    ],
)
def test_the_language_is_told_only_where_it_is_known_and_not_the_pages(data, page, language):
    with override(page):
        assert get_fallback_language(LazyI18nString(data)) == language


def test_what_was_never_translated_has_no_language():
    assert [get_fallback_language(text) for text in ("Mūkusalas iela 3", "", PLAIN)] == ["", "", ""]


def test_an_element_or_its_tag_names_the_language():
    assert lang_attribute(LATVIAN) == ' lang="lv"'
    assert lang_attribute(BOTH) == ""
    assert with_lang(LATVIAN) == '<span lang="lv">Grāmatas &amp; cilvēki</span>'
    assert with_lang(BOTH) == "Books"
    assert with_lang("<b>") == "&lt;b&gt;"
    with override("lv"):
        assert with_lang(LATVIAN) == "Grāmatas &amp; cilvēki"


def test_a_language_code_cannot_become_markup():
    assert lang_attribute(LazyI18nString({'"><script>': "x"})) == ' lang="&quot;&gt;&lt;script&gt;"'


def test_each_of_several_texts_names_its_own_language():
    assert join_with_lang([LATVIAN, BOTH, "<b>"], ", ") == (
        '<span lang="lv">Grāmatas &amp; cilvēki</span>, Books, &lt;b&gt;'
    )
    assert join_with_lang([], ", ") == ""


def test_a_sentence_names_the_language_of_the_texts_in_it():
    said = format_with_lang("“%(choice)s” & “%(question)s”", choice=LATVIAN, question=BOTH)
    assert said == '“<span lang="lv">Grāmatas &amp; cilvēki</span>” &amp; “Books”'


def test_markdown_names_its_language():
    assert render_markdown(LazyI18nString({"lv": "*Labi*"})) == '<div lang="lv"><p><em>Labi</em></p>\n</div>'
    assert render_markdown(LazyI18nString({"lv": "*Labi*", "en": "*Good*"})) == "<p><em>Good</em></p>\n"
    assert render_markdown("*Good*") == "<p><em>Good</em></p>\n"
    assert render_markdown(LazyI18nString({})) == ""
