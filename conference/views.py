"""Pages that people read."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from conference.caching import shared_for_a_second
from conference.calendar import CONTENT_TYPE, event_calendar
from conference.models import Event, Topic

EVENTS = Event.objects.select_related("venue")
PAGE_EVENTS = EVENTS.with_topics()


def visible_event(request, slug: str, events=EVENTS) -> Event:
    """The one of `events` at this address: published, or shown to who may see it in the admin; else Http404."""
    event = get_object_or_404(events, slug=slug)
    if not event.is_published and not may_preview(request.user, event):
        raise Http404
    return event


def may_preview(user, event: Event) -> bool:
    """Whether `user` sees the event in the admin, and so its page before it is published."""
    return user.has_perm("conference.view_event") and Event.objects.filter(pk=event.pk).visible_to(user).exists()


@require_safe
@shared_for_a_second
def home(request):
    """The next published conference, the others listed under it."""
    events = [*PAGE_EVENTS.published().coming(), *PAGE_EVENTS.published().past()]
    if not events:
        return render(request, "conference/none.html")
    return render_event(request, events[0], others=events[1:])


@require_safe
@shared_for_a_second
def event(request, slug):
    return render_event(request, visible_event(request, slug, PAGE_EVENTS))


def render_event(request, event: Event, others=()):
    """The page of an event, one of PAGE_EVENTS, with links to the `others`."""
    context = {
        "event": event,
        "topics": Topic.of(event),
        "partners": event.partners.all(),
        "others": others,
    }
    return render(request, "conference/event.html", context)


@require_safe
def calendar(request, slug):
    return calendar_file(request, visible_event(request, slug))


def calendar_file(request, event: Event, **state) -> HttpResponse:
    """The event's iCalendar file as a download; `state` as in event_calendar."""
    content = event_calendar(event, url=request.build_absolute_uri(event.get_absolute_url()), **state)
    return HttpResponse(
        content,
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{event.slug}.ics"'},
    )


@require_safe
@shared_for_a_second
def privacy(request, slug):
    return render(request, "conference/privacy.html", {"event": visible_event(request, slug)})
