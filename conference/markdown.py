"""Organisers' Markdown as HTML that is safe to show."""

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from conference.spoken import lang_attribute

# HTML is off, so what organisers type cannot become markup; pictures are off, so nothing calls another host.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")


def rendered(text) -> SafeString:
    """Markdown as safe HTML, in an element with its `lang` where that is not the page's."""
    html = MARKDOWN.render(str(text))
    if attribute := lang_attribute(text):
        html = f"<div{attribute}>{html}</div>"
    return mark_safe(html)  # noqa: S308 (HTML is off)
