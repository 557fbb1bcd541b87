"""What the templates of every page need: organisers' Markdown, and the same page in the other languages."""

from django import template
from django.conf import settings
from django.urls import translate_url
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language_info

from conference.drawing import HEIGHT, WIDTH, shelf
from conference.markdown import rendered

register = template.Library()

register.filter("markdown", rendered)


@register.simple_tag(takes_context=True)
def languages(context) -> list[dict]:
    """The site's languages: code, own name and address of this page in it."""
    path = escape_leading_slashes(context["request"].path)
    return [
        {"code": code, "name": get_language_info(code)["name_local"], "url": translate_url(path, code)}
        for code, _name in settings.LANGUAGES
    ]


@register.inclusion_tag("art/shelf.svg")
def drawing(title):
    """The event's picture when it has none: its title as books on a shelf."""
    return {"paths": shelf(str(title)), "width": WIDTH, "height": HEIGHT}
