"""Marks texts that lack the page's language with the one in which they are shown, as WCAG 2.2, 3.1.2 requires."""

from collections.abc import Iterable

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from i18nfield.strings import LazyI18nString

TranslatedText = LazyI18nString | str


def get_fallback_language(text: TranslatedText) -> str:
    """Return the code of the language in which `text` is shown; empty for the active one and for a plain text."""
    translations = getattr(text, "data", None)
    if not isinstance(translations, dict):
        return ""
    # The library decides which language replaces a missing one: ask it, with each code in place of its text.
    shown = str(LazyI18nString({code: code if words else "" for code, words in translations.items()}))
    return "" if shown == get_language() else shown


def lang_attribute(text: TranslatedText) -> SafeString:
    """Return ` lang="lv"` for the tag of an element that contains only `text`, or nothing in the page's language."""
    language = get_fallback_language(text)
    return format_html(' lang="{}"', language) if language else SafeString()


def with_lang(text: TranslatedText) -> SafeString:
    """Return `text` as HTML, in an element with its `lang` if that is not the page's."""
    attribute = lang_attribute(text)
    return format_html("<span{}>{}</span>", attribute, text) if attribute else format_html("{}", text)


def join_with_lang(texts: Iterable[TranslatedText], separator: str) -> SafeString:
    """Join the texts as HTML, each with its own `lang`. The separator is escaped unless it is marked as safe."""
    return format_html_join(separator, "{}", ((with_lang(text),) for text in texts))


def format_with_lang(words: str, **texts: TranslatedText) -> SafeString:
    """Fill the %(named)s places of a translated sentence with `texts` as HTML, each with its own `lang`."""
    return mark_safe(escape(words) % {name: with_lang(text) for name, text in texts.items()})  # noqa: S308 (escaped)
