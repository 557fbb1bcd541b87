"""Organisers' Markdown as HTML that is safe to show."""

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# HTML is off, so what organisers type cannot become markup; pictures are off, so nothing calls another host.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")


def rendered(text) -> SafeString:
    """Markdown as safe HTML."""
    return mark_safe(MARKDOWN.render(str(text)))  # noqa: S308 (HTML is off)
