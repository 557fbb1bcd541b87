"""Converts organisers' Markdown to safe HTML."""

from collections.abc import Callable

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from conference.text.languages import lang_attribute

# HTML is off, so that typed text cannot become markup; pictures are off, so that no page loads one from another host.
PARSER = MarkdownIt("commonmark", {"html": False}).disable("image")


def render_markdown(text, fill: Callable[[list[Token]], None] | None = None) -> SafeString:
    """Return Markdown as safe HTML, with its `lang` if that is not the page's; `fill` may change the parsed texts."""
    tokens = PARSER.parse(str(text))
    if fill:
        fill(tokens)
    html, attribute = render_tokens(tokens), lang_attribute(text)
    return format_html("<div{}>{}</div>", attribute, html) if attribute else html


def render_tokens(tokens: list[Token]) -> SafeString:
    return mark_safe(PARSER.renderer.render(tokens, PARSER.options, {}))  # noqa: S308 (HTML is off)
