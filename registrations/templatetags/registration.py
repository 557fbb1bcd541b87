"""The state of an event's registration, for pages that do not know about registrations."""

from django import template

from registrations.availability import availability

register = template.Library()


@register.inclusion_tag("registrations/_state.html")
def registration_state(event):
    """Whether one can register now and what one would get, with one obvious button."""
    offered = availability(event)
    return {"event": event, "offered": offered, "is_scarce": offered.is_scarce(event.capacity)}
