"""The menu of the admin's pages."""

from django import template
from django.urls import reverse

from conference.models import Event, get_limited_access
from registrations.admin.menu import build_sections, build_site_items, find_guide_anchor
from registrations.admin_site import get_first_event, list_events

register = template.Library()

# The list of all conferences has the others.
MAX_EVENTS_OFFERED = 20


@register.inclusion_tag("admin/_menu.html", takes_context=True)
def admin_menu(context):
    """The sections of the page's event, else of the one that the user works on; and what concerns the whole site."""
    request = context["request"]
    user, url_name = request.user, request.resolver_match.url_name or ""
    events = list_events(request)
    event = find_page_event(context, events) or get_first_event(request)
    return {
        "event": event,
        "others": [other for other in events if other != event][:MAX_EVENTS_OFFERED],
        "is_limited": get_limited_access(user) is not None,
        "sections": list(build_sections(user, event, url_name)) if event else [],
        "site": build_site_items(user, url_name),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def guide_url(context) -> str:
    """The address of what the guide tells about this page; of its beginning if it tells nothing."""
    match = context["request"].resolver_match
    anchor = find_guide_anchor(match.url_name or "") if match else ""
    return f"{reverse('admin:guide')}#{anchor}" if anchor else reverse("admin:guide")


def find_page_event(context, events: list[Event]) -> Event | None:
    """Return the event that a page is about: that of its context, of its object, or of its address."""
    shown = context.get("original")
    for found in (context.get("event"), shown, getattr(shown, "event", None)):
        if isinstance(found, Event):
            return found
    key = context["request"].GET.get("event")
    return next((event for event in events if str(event.pk) == key), None)
