"""Template tags of every page: translated texts, dates, colours, and the page's URLs in other languages."""

from django import template
from django.conf import settings
from django.db import Error
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language, get_language_info

from conference.addresses import absolute_url, translate_path
from conference.banner import HEIGHT, WIDTH, draw_shelf
from conference.colors import DARK, LIGHT
from conference.models import Event
from conference.text.dates import format_deadline
from conference.text.languages import join_with_lang, lang_attribute, with_lang
from conference.text.markdown import render_markdown

register = template.Library()
register.filter("join_with_lang", join_with_lang)
register.filter("lang_attribute", lang_attribute)
register.filter("markdown", render_markdown)
register.filter("with_lang", with_lang)
register.filter("format_deadline", format_deadline, expects_localtime=True)


@register.simple_tag
def color(name: str, scheme: str = "light") -> str:
    return {"light": LIGHT, "dark": DARK}[scheme][name]


@register.simple_tag(takes_context=True)
def languages(context) -> list[dict]:
    """The site's languages: code, own name, and this page's URL in it, without the query string as it is cached."""
    path = escape_uri_path(context["request"].path)
    return [
        {"code": code, "name": get_language_info(code)["name_local"], "url": translate_path(path, code) or f"/{code}/"}
        for code, _name in settings.LANGUAGES
    ]


@register.simple_tag
def current_event() -> Event | None:
    """The conference that the site's first page shows; None where the database cannot tell."""
    try:
        return Event.objects.current()
    except Error:  # the pages of errors need no database
        return None


@register.inclusion_tag("art/shelf.svg")
def banner(title):
    return {"paths": draw_shelf(str(title)), "width": WIDTH, "height": HEIGHT}


@register.inclusion_tag("_language_links.html", takes_context=True)
def alternates(context, path: str = "") -> dict:
    """The canonical URL of the page, or of `path`, and its URL in each language; none for an unpublished event."""
    path = path or escape_uri_path(context["request"].path)
    event = context.get("event")
    if event and not event.is_published:
        return {}
    return {
        "canonical": absolute_url(translate_path(path, get_language())),
        "languages": [(code, absolute_url(translate_path(path, code))) for code, _name in settings.LANGUAGES],
        # Without a language, the URL redirects to the browser's preferred one.
        "by_browser": absolute_url(translate_path(path, "")),
    }
