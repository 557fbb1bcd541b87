"""What pages that do not know about registrations show of them."""

from django import template

from registrations.availability import availability
from registrations.health import health
from registrations.models import OutgoingEmail

register = template.Library()


@register.inclusion_tag("registrations/_state.html")
def registration_state(event):
    """Whether one can register now and what one would get, with one obvious button."""
    offered = availability(event)
    return {"event": event, "offered": offered, "is_scarce": offered.is_scarce(event.capacity)}


@register.inclusion_tag("admin/_mail_health.html", takes_context=True)
def mail_health(context):
    """A banner when e-mail does not go out, for those who may see the outbox."""
    user = context.get("user")
    if not (user and user.has_perm("registrations.view_outgoingemail")):
        return {"health": None}
    return {"health": health(OutgoingEmail.objects.visible_to(user))}
