"""What pages that do not know about registrations show of them."""

from django import template
from django.urls import reverse
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

from conference.models import Event
from conference.seo.structured_data import describe_event, render_script
from conference.site_urls import absolute_url
from conference.text.email_addresses import decode_domain
from registrations.availability import Availability, State, get_availability
from registrations.mail.outbox import get_health
from registrations.models import OutgoingEmail, Registration
from registrations.tickets.ticket_codes import spell_ticket_code
from registrations.tickets.ticket_qr import build_ticket_url, render_svg

register = template.Library()

# What schema.org calls the states in which one can register now or later.
OFFER_AVAILABILITY = {
    State.NOT_YET_OPEN: None,
    State.OPEN: "https://schema.org/InStock",
    State.WAITING_LIST: "https://schema.org/SoldOut",
    State.FULL: "https://schema.org/SoldOut",
}

register.simple_tag(get_availability)


@register.simple_tag
def structured_data(event, partners, offered: Availability):
    """What search engines read of the event, with whether one can register."""
    return render_script(describe_event(event, partners, build_offer(event, offered)))


def build_offer(event: Event, offered: Availability) -> dict | None:
    """Return schema.org's Offer of a place at `event`; None if nobody can register any more. Only “free” is a price."""
    if offered.state not in OFFER_AVAILABILITY:
        return None
    opens, closes = event.registration_opens_at, event.registration_closes_at or event.starts_at
    data = {
        "@type": "Offer",
        "url": absolute_url(reverse("registrations:register", args=[event.slug])),
        **({"price": 0, "priceCurrency": "EUR"} if event.is_free else {}),
        "availability": OFFER_AVAILABILITY[offered.state],
        "validFrom": opens and opens.astimezone(event.zone).isoformat(),
        "validThrough": closes.astimezone(event.zone).isoformat(),
    }
    return {name: value for name, value in data.items() if value is not None}


@register.inclusion_tag("registrations/_registration_box.html")
def registration_box(event, offered: Availability):
    """Whether one can register now and what one would get, with one obvious button."""
    return {"event": event, "offered": offered, "is_scarce": offered.is_scarce(event.capacity)}


register.filter("readable_address", decode_domain)
register.filter("ticket_url", build_ticket_url)
register.filter("spell_ticket_code", spell_ticket_code)


@register.filter
def qr_code(text: str) -> SafeString:
    """The text as a QR code in SVG."""
    return mark_safe(render_svg(text))  # noqa: S308 (paths of squares)


@register.filter
def focus_id(field) -> str:
    """The id of what takes the focus when an error leads to this bound field: of a list, the first choice not full."""
    if field.id_for_label:
        return field.id_for_label
    choices = [choice for choice in field.subwidgets if not choice.data["attrs"].get("disabled")]
    return choices[0].id_for_label if choices else f"{field.auto_id}_0"


@register.filter
def format_labelled_error(field, error: str) -> SafeString:
    """An error of this bound field with its label: “First name: please fill in this field.”, “Lunch? Please choose.”"""
    label = getattr(field.field, "short_label", field.label)
    if strip_tags(str(label)).endswith("?"):
        return format_html("{} {}", label, error)
    return format_html("{}: {}", label, error if error[1:2].isupper() else error[:1].lower() + error[1:])


@register.filter
def alert_level(registration: Registration) -> str:
    """What the box is like that tells how the registration stands: of success, a warning, or a mere note."""
    if registration.event.is_cancelled:
        return "warning"
    if registration.event.has_ended or registration.is_waitlisted:
        return "info"
    return "success" if registration.is_confirmed else "warning"


@register.inclusion_tag("admin/_mail_health.html", takes_context=True)
def mail_health(context):
    """A banner when e-mail does not go out, for those who may see the outbox."""
    user = context.get("user")
    if not (user and user.has_perm("registrations.view_outgoingemail")):
        return {"health": None}
    return {"health": get_health(OutgoingEmail.objects.visible_to(user))}
