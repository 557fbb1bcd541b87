"""What the admin's first page shows of the current conference."""

from django import template
from django.utils import timezone

from conference.models import Event
from registrations.admin.events.issues import find_issues
from registrations.mail.outbox import get_health
from registrations.models import OutgoingEmail
from registrations.statistics import summarize

register = template.Library()

OTHERS_LISTED = 10


@register.inclusion_tag("admin/_dashboard.html", takes_context=True)
def current_conference(context):
    """How the current conference stands and what needs attention, for those who may see registrations."""
    user = context["user"]
    if not user.has_perm("registrations.view_registration"):
        return {}
    events = list(Event.objects.visible_to(user).defer_long_texts().order_by("-starts_at", "-pk"))
    if not events:
        return {}
    event = choose_current(events)
    now = summarize(event)
    sees_emails = user.has_perm("registrations.view_outgoingemail")
    return {
        "user": user,
        "perms": context["perms"],
        "event": event,
        "standing": now,
        "health": get_health(OutgoingEmail.objects.visible_to(user)) if sees_emails else None,
        "matters": find_issues(event, now, user),
        "others": [other for other in events if other != event][:OTHERS_LISTED],
    }


def choose_current(events: list[Event]) -> Event:
    """The next one that is published, else the latest; `events` has the latest first."""
    now = timezone.now()
    coming = [event for event in events if event.is_published and event.ends_at > now]
    return coming[-1] if coming else events[0]
