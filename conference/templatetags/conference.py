"""Template tags of the pages: translated texts, dates, colours, calendars, and what other sites are told of a page."""

from django import template
from django.conf import settings
from django.db import Error
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language, get_language_info

from conference import event_banner
from conference.calendar import calendar_links
from conference.colors import DARK, LIGHT
from conference.local_time import format_deadline
from conference.models import Event
from conference.seo import og_image
from conference.seo.structured_data import get_description
from conference.site_urls import absolute_url, translate_path
from conference.text.languages import join_with_lang, lang_attribute, with_lang
from conference.text.markdown import render_markdown

OG_LOCALES = {"lv": "lv_LV", "en": "en_GB"}  # Open Graph names a country as well

register = template.Library()
register.filter("join_with_lang", join_with_lang)
register.filter("lang_attribute", lang_attribute)
register.filter("markdown", render_markdown)
register.filter("with_lang", with_lang)
register.filter("format_deadline", format_deadline, expects_localtime=True)
register.simple_tag(calendar_links)


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
    return {"paths": event_banner.draw_shelf(str(title)), "width": event_banner.WIDTH, "height": event_banner.HEIGHT}


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


@register.inclusion_tag("conference/_open_graph.html", takes_context=True)
def page_metadata(context, heading="", description="", event: Event | None = None, path: str = ""):
    """The page's description and Open Graph tags, or those of `event`; `path` is canonical if the page has others."""
    language = get_language()
    picture = ""
    if event:  # its URL changes with the picture, as other sites cache it by URL
        url = reverse("conference:og-image", args=[event.slug])
        picture = absolute_url(f"{url}?{og_image.hash_image(event)[:16]}")
    return {
        "title": " · ".join(filter(None, [str(heading), str(event.title) if event else ""])),
        "description": description or get_description(event),
        "lang": "" if description else lang_attribute(event.summary),
        "url": absolute_url(path or escape_uri_path(context["request"].path)),
        "locale": get_og_locale(language),
        "other_locales": [get_og_locale(code) for code, _name in settings.LANGUAGES if code != language],
        "event": event,
        "picture": picture,
        "width": og_image.WIDTH,
        "height": og_image.HEIGHT,
    }


def get_og_locale(language: str) -> str:
    return OG_LOCALES.get(language, f"{language}_{language.upper()}")
