"""The public pages."""

from datetime import UTC, timedelta

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from conference.calendar import PUBLISH, render_calendar
from conference.decorators import PROXY_MAX_AGE, public_page
from conference.models import AccessibilityStatement, Event, Picture, Topic
from conference.seo.og_image import hash_image, render_image
from conference.site_urls import absolute_url

EVENTS = Event.objects.select_related("venue").with_picture()
PAGE_EVENTS = EVENTS.with_topics()


def get_visible_event(request, slug: str, events=EVENTS) -> Event:
    """Return the event with this slug if it is published or the user sees it in the admin; else raise Http404."""
    event = get_object_or_404(events, slug=slug)
    if event.is_published or (admin.site.has_permission(request) and can_see_event(request.user, event)):
        return event
    raise Http404


def can_see_event(user, event: Event) -> bool:
    visible = Event.objects.visible_to(user).filter(pk=event.pk)
    return user.has_perm("conference.view_event") and visible.exists()


@require_safe
@public_page
def home(request):
    """The page of the next published conference, followed by a list of the others."""
    events = [*PAGE_EVENTS.published().upcoming(), *PAGE_EVENTS.published().past()]
    if not events:
        return render(request, "conference/no_event.html")
    return render_event(request, events[0], is_home=True, others=events[1:])


@require_safe
@public_page
def event(request, slug):
    return render_event(request, get_visible_event(request, slug, PAGE_EVENTS))


def render_event(request, event: Event, *, is_home: bool = False, others=()):
    """Render the page of an event from PAGE_EVENTS, with links to `others`. The home page has its own title."""
    topics, partners = Topic.from_annotation(event), event.partners.with_picture()
    context = {"event": event, "is_home": is_home, "topics": topics, "partners": partners, "others": others}
    return render(request, "conference/event.html", context)


@require_safe
def calendar(request, slug):
    event = get_visible_event(request, slug)
    response = calendar_response(event)
    if not event.is_published:
        add_never_cache_headers(response)
    return response


def calendar_response(event: Event, method: str = PUBLISH) -> HttpResponse:
    """Return the event's iCalendar file as a download, which adds it or, with CANCEL, removes it."""
    content = render_calendar(event, url=absolute_url(event.get_absolute_url()), method=method)
    headers = {"Content-Disposition": f'attachment; filename="{event.slug}.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


@require_safe
@public_page
def privacy(request, slug):
    return render(request, "conference/privacy.html", {"event": get_visible_event(request, slug)})


@require_safe
@public_page
def accessibility(request):
    """The accessibility statement; without one, a contact for people who meet a barrier."""
    statement, event = AccessibilityStatement.objects.first(), Event.objects.current()
    context = {"statement": statement, "event": event, "site": settings.SITE_URL}
    return render(request, "conference/accessibility.html", context)


@require_safe
def og_image(request, slug):
    event = get_visible_event(request, slug)
    etag = f'"{hash_image(event)}"'
    response = get_conditional_response(request, etag)
    if response is None:
        response = HttpResponse(render_image(event), content_type="image/png")
    response["ETag"] = etag
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # meant to be shown by others
    if event.is_published:
        patch_cache_control(response, public=True, max_age=3600, s_maxage=PROXY_MAX_AGE)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response


@require_safe
def robots(request):
    """Keeps search engines out of the admin, of accounts, of personal pages and of tickets."""
    closed = "".join(f"Disallow: {path}\n" for path in ("/admin/", "/account/", "/*/r/", "/D/", "/d/"))
    content = f"User-agent: *\n{closed}\nSitemap: {absolute_url(reverse('sitemap'))}\n"
    return HttpResponse(content, content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request):
    """Tells whom to write to about a security problem (RFC 9116). It never expires while the site is running."""
    contact, expires = settings.SECURITY_CONTACT, timezone.now() + timedelta(days=180)
    lines = {
        "Contact": contact if ":" in contact else f"mailto:{contact}",
        "Expires": expires.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Preferred-Languages": ", ".join(code for code, _name in settings.LANGUAGES),
        "Canonical": absolute_url(reverse("security_txt")),
    }
    content = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return HttpResponse(content, content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=365 * 24 * 3600, s_maxage=3600, immutable=True)
def picture(request, digest):
    """An uploaded picture. Its headers keep browsers from treating it as anything else."""
    found = get_object_or_404(Picture, digest=digest)
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}
    response = HttpResponse(bytes(found.content), content_type="image/webp", headers={**headers, "ETag": f'"{digest}"'})
    response = get_conditional_response(request, f'"{digest}"', response=response)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # it is in what others show of the event
    return response
