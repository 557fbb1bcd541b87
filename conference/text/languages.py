"""In which language organisers' text is shown.

A text that lacks the page's language is shown in another, without a word. Whatever reads it aloud, hyphenates or
translates it has to be told (WCAG 2.2, 3.1.2).
"""

from collections.abc import Iterable

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from i18nfield.strings import LazyI18nString

# A translated text, or a plain one.
TranslatedText = LazyI18nString | str


def get_fallback_language(text: TranslatedText) -> str:
    """The code of the language in which `text` is shown now, where that is not the active one; else empty.

    Empty as well for a text that is the same in every language: nobody has said which one that is.
    """
    translations = getattr(text, "data", None)
    if not isinstance(translations, dict):
        return ""
    # Which language stands in for a missing one is the library's rule: it is asked with each code in its text's place.
    shown = str(LazyI18nString({code: code if words else "" for code, words in translations.items()}))
    return "" if shown == get_language() else shown


def lang_attribute(text: TranslatedText) -> SafeString:
    """` lang="lv"` for the tag of an element that holds `text` alone, or nothing where the page's own is right."""
    language = get_fallback_language(text)
    return format_html(' lang="{}"', language) if language else SafeString()


def with_lang(text: TranslatedText) -> SafeString:
    """`text` as HTML, in an element with its `lang` where that is not the page's."""
    attribute = lang_attribute(text)
    return format_html("<span{}>{}</span>", attribute, text) if attribute else format_html("{}", text)


def join_with_lang(texts: Iterable[TranslatedText], separator: str) -> SafeString:
    """The texts as HTML, each in its own language, with `separator` between; markup only if it is marked as safe."""
    return format_html_join(separator, "{}", ((with_lang(text),) for text in texts))


def format_with_lang(words: str, **texts: TranslatedText) -> SafeString:
    """A translated sentence as HTML, with `texts` in the place of %(their names)s, each in its own language."""
    return mark_safe(escape(words) % {name: with_lang(text) for name, text in texts.items()})  # noqa: S308 (escaped)
