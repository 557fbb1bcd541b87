"""Metadata for search engines and social networks, and links to calendars."""

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language

from conference.addresses import absolute_url
from conference.calendar import calendar_links
from conference.models import Event
from conference.seo.og_image import HEIGHT, WIDTH, hash_image
from conference.seo.structured_data import get_description
from conference.text.languages import lang_attribute

# Open Graph locales name a country as well.
OG_LOCALES = {"lv": "lv_LV", "en": "en_GB"}

register = template.Library()

register.simple_tag(calendar_links)


def get_og_locale(language: str) -> str:
    return OG_LOCALES.get(language, f"{language}_{language.upper()}")


@register.inclusion_tag("conference/_open_graph.html", takes_context=True)
def page_metadata(context, heading="", description="", event: Event | None = None, path: str = ""):
    """The page's description and Open Graph tags: those of `event`, its title after the `heading` if there is one.

    `path` is the canonical path, if the page is shown at others too.
    """
    language = get_language()
    picture = ""
    if event:  # its URL changes with the picture, as other sites cache it by URL
        picture = absolute_url(f"{reverse('conference:og-image', args=[event.slug])}?{hash_image(event)[:16]}")
    return {
        "title": " · ".join(filter(None, [str(heading), str(event.title) if event else ""])),
        "description": description or get_description(event),
        "lang": "" if description else lang_attribute(event.summary),
        "url": absolute_url(path or escape_uri_path(context["request"].path)),
        "locale": get_og_locale(language),
        "other_locales": [get_og_locale(code) for code, _name in settings.LANGUAGES if code != language],
        "event": event,
        "picture": picture,
        "width": WIDTH,
        "height": HEIGHT,
    }
