"""What the templates of every page need: organisers' texts, dates in sentences, and the page's other addresses."""

from django import template
from django.conf import settings
from django.core.cache import cache
from django.db import Error
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language, get_language_info

from conference import caching
from conference.addresses import absolute_url, in_language
from conference.drawing import HEIGHT, WIDTH, shelf
from conference.markdown import rendered
from conference.models import Event
from conference.spoken import all_spoken, lang_attribute, spoken
from conference.until import until

register = template.Library()

register.filter("all_spoken", all_spoken)
register.filter("lang_attribute", lang_attribute)
register.filter("markdown", rendered)
register.filter("spoken", spoken)
register.filter("until", until, expects_localtime=True)


@register.simple_tag(takes_context=True)
def languages(context) -> list[dict]:
    """The site's languages: code, own name and address of this page in it.

    The query is left out: no page has one that matters, and one rendering of a page serves all who ask for its path.
    """
    path = escape_uri_path(context["request"].path)
    return [
        {"code": code, "name": get_language_info(code)["name_local"], "url": in_language(path, code) or f"/{code}/"}
        for code, _name in settings.LANGUAGES
    ]


@register.simple_tag
def current_event() -> Event | None:
    """The conference that the site's first page shows, as it was at most a second ago; None where nobody can tell."""
    try:
        return cache.get_or_set("current-event", Event.objects.current, caching.SECONDS)
    except Error:  # the pages of errors need no database
        return None


@register.inclusion_tag("art/shelf.svg")
def drawing(title):
    """The event's picture when it has none: its title as books on a shelf."""
    return {"paths": shelf(str(title)), "width": WIDTH, "height": HEIGHT}


@register.inclusion_tag("_alternates.html", takes_context=True)
def alternates(context, path: str = "") -> dict:
    """The one address under which search engines are to know the page, and that of the page in each language.

    `path` where it is not the page's own. None for a page that only organisers can see.
    """
    path = path or escape_uri_path(context["request"].path)
    event = context.get("event")
    if event and not event.is_published:
        return {}
    return {
        "canonical": absolute_url(in_language(path, get_language())),
        "languages": [(code, absolute_url(in_language(path, code))) for code, _name in settings.LANGUAGES],
        # Without a language in it, the address leads to the page in the one that the browser asks for.
        "by_browser": absolute_url(in_language(path, "")),
    }
