"""How a page is found and shared."""

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language

from conference.addresses import absolute_url
from conference.calendar import calendar_links
from conference.models import Event
from conference.seo.og_image import HEIGHT, WIDTH, hash_image
from conference.seo.open_graph import get_description, get_og_locale
from conference.text.languages import lang_attribute

register = template.Library()

register.simple_tag(calendar_links)


@register.inclusion_tag("conference/_open_graph.html", takes_context=True)
def seo(context, heading="", description="", event: Event | None = None, path: str = ""):
    """The description of this page, and what other sites show beside a link to it.

    A page of an event's is shown with the event's title, after the `heading` where there is one, with its picture, and
    with the event's summary where it has no `description` of its own. `path` is the page's address where it is shown
    at another one too.
    """
    language = get_language()
    return {
        "title": " · ".join(filter(None, [str(heading), str(event.title) if event else ""])),
        "description": description or get_description(event),
        "lang": "" if description else lang_attribute(event.summary),
        "url": absolute_url(path or escape_uri_path(context["request"].path)),
        "locale": get_og_locale(language),
        "other_locales": [get_og_locale(code) for code, _name in settings.LANGUAGES if code != language],
        "event": event,
        "picture": get_og_image_url(event) if event else "",
        "width": WIDTH,
        "height": HEIGHT,
    }


def get_og_image_url(event: Event) -> str:
    """The address of the event's picture. Another picture has another one, as other sites keep a picture by it."""
    path = reverse("conference:share-picture", args=[event.slug])
    return absolute_url(f"{path}?{hash_image(event)[:16]}")
