"""Organisers' Markdown as HTML that is safe to show."""

from collections.abc import Callable

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from conference.text.languages import lang_attribute

# HTML is off, so what organisers type cannot become markup; pictures are off, so nothing calls another host.
PARSER = MarkdownIt("commonmark", {"html": False}).disable("image")


def render_markdown(text, fill: Callable[[list[Token]], None] | None = None) -> SafeString:
    """Markdown as safe HTML, in an element with its `lang` where that is not the page's.

    `fill` may change the texts of what was parsed: they are escaped after that, so they become no markup.
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
