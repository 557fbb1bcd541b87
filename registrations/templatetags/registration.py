"""What pages that do not know about registrations show of them."""

from django import template

from conference.structured_data import as_script, event_data
from registrations.availability import Availability, availability
from registrations.health import health
from registrations.models import OutgoingEmail, Registration
from registrations.offers import offer_data

register = template.Library()

register.simple_tag(availability)


@register.simple_tag
def structured_data(event, partners, offered: Availability):
    """What search engines read of the event, with whether one can register."""
    return as_script(event_data(event, partners, offer_data(event, offered)))


@register.inclusion_tag("registrations/_state.html")
def registration_state(event, offered: Availability):
    """Whether one can register now and what one would get, with one obvious button."""
    return {"event": event, "offered": offered, "is_scarce": offered.is_scarce(event.capacity)}


@register.filter
def id_to_go_to(field) -> str:
    """The id of what takes the focus when an error leads to this bound field: of a list, the first choice not full."""
    if field.id_for_label:
        return field.id_for_label
    choices = [choice for choice in field.subwidgets if not choice.data["attrs"].get("disabled")]
    return choices[0].id_for_label if choices else f"{field.auto_id}_0"


@register.filter
def tone(registration: Registration) -> str:
    """What the box is like that tells how the registration stands: of success, a warning, or a mere note."""
    if registration.event.has_ended or registration.is_waiting:
        return "info"
    return "success" if registration.holds_a_place else "warning"


@register.inclusion_tag("admin/_mail_health.html", takes_context=True)
def mail_health(context):
    """A banner when e-mail does not go out, for those who may see the outbox."""
    user = context.get("user")
    if not (user and user.has_perm("registrations.view_outgoingemail")):
        return {"health": None}
    return {"health": health(OutgoingEmail.objects.visible_to(user))}
