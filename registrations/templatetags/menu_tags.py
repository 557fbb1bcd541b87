"""The menu of the admin's pages, and where in it a page is."""

from django import template
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext

from conference.models import Event, get_limited_access
from registrations.admin.guide_anchors import find_guide_anchor
from registrations.admin.menu import build_sections, build_site_items, get_period
from registrations.admin_site import get_current_event, list_events

register = template.Library()

# The list of all conferences has the others.
MAX_EVENTS_OFFERED = 20
# What views call the row that their page is about.
ROW_NAMES = ("original", "object", "registration", "question", "keep", "user_to_reset")


@register.simple_tag(takes_context=True)
def get_menu(context) -> dict:
    """The sections of the page's event, else of the one that the user works on, or of all; and the site's pages."""
    request = context["request"]
    if not hasattr(request, "menu"):
        request.menu = build_menu(context, request)
    return request.menu


def build_menu(context, request) -> dict:
    url_name = get_page_name(request)
    sees_events = any(map(request.user.has_perm, ("registrations.view_registration", "conference.view_event")))
    events = list_events(request) if sees_events else []
    event = find_page_event(context, events) or (get_current_event(request) if events else None)
    shared, site = build_site_items(request.user, url_name)
    return {
        "event": event,
        "period": get_period(event) if event else "",
        "others": [(other, get_period(other)) for other in events if other != event][:MAX_EVENTS_OFFERED],
        "sections": list(build_sections(request.user, event, url_name)) if events else [],
        "shared": shared,
        "site": site,
        "is_limited": get_limited_access(request.user) is not None,
        "is_in_site": any(item.is_current for item in site),
    }


def get_page_name(request) -> str:
    """Return what the menu calls the page: the name of its URL, for settings with their topic."""
    match = request.resolver_match
    return ":".join(filter(None, [match.url_name, match.kwargs.get("topic")])) if match else ""


@register.simple_tag(takes_context=True)
def guide_url(context) -> str:
    """The address of what the guide tells about this page; of its beginning if it tells nothing."""
    anchor = find_guide_anchor(get_page_name(context["request"]))
    return f"{reverse('admin:guide')}#{anchor}" if anchor else reverse("admin:guide")


@register.simple_tag(takes_context=True)
def get_trail(context) -> list[tuple[str, str]]:
    """The way to the page through the menu: texts with addresses, the last of them, the page itself, without one."""
    menu, path = get_menu(context), context["request"].path
    section = next((section for section in menu["sections"] if section.is_current), None)
    items = section.items if section else [*menu["shared"], *menu["site"]]
    page = next((item for item in items if item.is_current), None)
    trail = []
    if section and menu["event"] and context["request"].user.has_perm("registrations.view_registration"):
        trail.append((str(menu["event"].title), reverse("admin:conference_event_overview", args=[menu["event"].pk])))
    if section and page and section.label != page.label:
        trail.append((section.label, section.url))
    if list_query := context.get("list_query"):  # the page is about those whom the list shows
        trail.append((gettext("List"), f"{reverse('admin:registrations_registration_changelist')}?{list_query}"))
    if page:
        trail.append((page.label, page.url))
    rows = {name: context.get(name) for name in ROW_NAMES}
    row = next((row for row in rows.values() if isinstance(row, Model)), None)
    if row and not isinstance(row, Event):
        trail.append((getattr(row, "full_name", "") or Truncator(row).words(12), build_row_url(row)))
    is_here = bool(trail) and trail[-1][1].partition("?")[0] == path
    return [
        *(trail[:-1] if is_here else trail),
        (trail[-1][0] if is_here else capfirst(context.get("title") or ""), ""),
    ]


def build_row_url(row: Model) -> str:
    try:
        return reverse(admin_urlname(row._meta, "change"), args=[row.pk])
    except NoReverseMatch:
        return ""


def find_page_event(context, events: list[Event]) -> Event | None:
    """Return the event that a page is about: that of its context, of its row, or of its address.

    It is one of `events`, as it is in the database: a refused form has filled in the row of its page.
    """
    rows = [context.get("event"), *(context.get(name) for name in ROW_NAMES)]
    found = next(filter(None, map(find_event_of, rows)), None)
    key = str(found.pk) if found else context["request"].GET.get("event")
    return next((event for event in events if str(event.pk) == key), None)


def find_event_of(row) -> Event | None:
    event = row if isinstance(row, Event) else getattr(row, "event", None)
    if event is None and isinstance(row, Model):
        event = getattr(getattr(row, "registration", None), "event", None)
    return event if isinstance(event, Event) else None
