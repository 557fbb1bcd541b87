"""Converts organisers' Markdown to safe HTML."""

from collections.abc import Callable

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from conference.text.languages import lang_attribute

# HTML is off, so that typed text cannot become markup; pictures are off, so that no page loads one from another host.
PARSER = MarkdownIt("commonmark", {"html": False}).disable("image")


def render_markdown(text, fill: Callable[[list[Token]], None] | None = None) -> SafeString:
    """Return Markdown as safe HTML, in an element with its `lang` if that is not the page's.

    `fill` may change the texts of the parsed tokens; they are escaped after that.
    """
    tokens = PARSER.parse(str(text))
    if fill:
        fill(tokens)
    html = render_tokens(tokens)
    if attribute := lang_attribute(text):
        html = f"<div{attribute}>{html}</div>"
    return mark_safe(html)  # noqa: S308 (HTML is off)


def render_tokens(tokens: list[Token]) -> SafeString:
    """Render what `PARSER` parsed as safe HTML."""
    return mark_safe(PARSER.renderer.render(tokens, PARSER.options, {}))  # noqa: S308 (HTML is off)
