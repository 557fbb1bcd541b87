"""What the templates of every page need: organisers' Markdown, and the same page in the other languages."""

from django import template
from django.conf import settings
from django.urls import translate_url
from django.utils.http import escape_leading_slashes
from django.utils.safestring import mark_safe
from django.utils.translation import get_language_info
from markdown_it import MarkdownIt

register = template.Library()

# HTML is off, so what organisers type cannot become markup; pictures are off, so no page calls another host.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")


@register.filter
def markdown(text) -> str:
    """Markdown as safe HTML."""
    return mark_safe(MARKDOWN.render(str(text)))


@register.simple_tag(takes_context=True)
def languages(context) -> list[dict]:
    """The site's languages: code, own name and address of this page in it."""
    path = escape_leading_slashes(context["request"].path)
    return [
        {"code": code, "name": get_language_info(code)["name_local"], "url": translate_url(path, code)}
        for code, _name in settings.LANGUAGES
    ]
