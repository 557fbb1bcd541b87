"""What each e-mail says: the values that its template in templates/emails/ is filled in with.

The templates see no registration, only texts and numbers. What a visitor typed goes through `break_links` first.
"""

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conference.addresses import absolute_url
from conference.local_time import format_deadline
from conference.models import Event
from conference.text.markdown import PARSER
from registrations.mail.plain_text import render_plain_text
from registrations.mail.rendering import RenderedEmail, Value, render_template
from registrations.mail.typed_text import break_links, display_value
from registrations.models import OutgoingEmail, Registration, list_details
from registrations.placeholders import fill_placeholders, fill_tokens, render_html

Kind = OutgoingEmail.Kind
Status = Registration.Status

# Latvian greets in the vocative, which no program can form of every name.
LANGUAGES_WITHOUT_NAME = {"lv"}


def render_email(email: OutgoingEmail) -> RenderedEmail:
    """Render this e-mail in its language, as things are now."""
    with translation.override(email.language):
        return render_template(email.kind, get_context(email))


def get_context(email: OutgoingEmail) -> dict:
    match email.kind:
        case Kind.NEW_ADDRESS:
            return new_address_context(email)
        case Kind.ADDRESS_NOTICE:
            return address_notice_context(email)
        case Kind.LINK:
            return link_context(email)
        case Kind.MESSAGE:
            return message_context(email)
        case Kind.TEST:
            return {"site": settings.SITE_URL}
        case _:
            return registration_context(email)


def event_context(event: Event) -> dict:
    return {"event": event.title, "contact": event.contact_email}


def greeting_context(email: OutgoingEmail) -> dict:
    """Return whom the e-mail greets and for which event; nothing that opens or tells of the registration."""
    name = "" if email.language in LANGUAGES_WITHOUT_NAME else break_links(email.registration.first_name)
    return event_context(email.registration.event) | {"name": name}


def registration_context(email: OutgoingEmail) -> dict:
    """Return what an e-mail about a registration shows: the event, the links, what was filled in, the status."""
    registration, event = email.registration, email.registration.event
    return (
        greeting_context(email)
        | place_context(event)
        | {
            "link": build_page_url(registration, "show"),
            "confirm_link": build_page_url(registration, "confirm"),
            "cancel_link": build_page_url(registration, "cancel"),
            "note": "" if registration.is_cancelled else event.confirmation_note,
            "paragraph": render_paragraph(email),
            "reference": registration.reference,
            "details": display_details(email),
            "is_confirmed": registration.is_confirmed,
            "is_pending": registration.is_pending,
            "has_expired": registration.has_expired_hold,
            "hold_until": format_hold(registration),
            "can_be_changed": registration.can_be_changed,
            "has_qr_code": registration.can_attend,
            "position": registration.waiting_list_position,
        }
    )


def place_context(event: Event) -> dict:
    return {
        "event_url": absolute_url(event.get_absolute_url()),
        "when": event.when,
        "day": date_format(event.starts_at.astimezone(event.zone), "MONTH_DAY_FORMAT"),
        "where": Value.join([event.venue.name, *event.venue.address_parts], ", "),
        "promotes_automatically": event.promotes_automatically,
    }


def display_details(email: OutgoingEmail) -> list[tuple]:
    """Return the label and the texts of everything that the person filled in."""
    details = list_details(email.registration)
    return [(label, Value.join(display_value(text, email.to) for text in texts)) for label, texts in details]


def format_hold(registration: Registration) -> str:
    """Return until when (by the event's clock) the place is held, to be put after “until” or “by”."""
    until = registration.hold_until
    return format_deadline(until and timezone.localtime(until, registration.event.zone))


def render_paragraph(email: OutgoingEmail) -> Value | str:
    """Render the paragraph that the event's organisers added to e-mails of this kind, if they did."""
    paragraph = email.registration.event.paragraphs.filter(kind=email.kind).first()
    return render_markdown_value(paragraph.text, email.registration) if paragraph else ""


def render_markdown_value(text, registration: Registration) -> Value:
    """Render organisers' Markdown, its placeholders filled in for this person."""
    values = placeholder_values(registration)
    tokens = PARSER.parse(str(text))
    fill_tokens(tokens, values)
    return Value(html=render_html(text, values), text=render_plain_text(tokens), is_block=True)


def placeholder_values(registration: Registration) -> dict[str, str]:
    """Return what stands for each of placeholders.NAMES in an e-mail to this person."""
    event = registration.event
    return {
        "first_name": break_links(registration.first_name),
        "last_name": break_links(registration.last_name),
        "reference": registration.reference,
        "event": str(event.title),
        "when": event.when,
        "venue": f"{event.venue.name}, {event.venue.address}",
        "link": build_page_url(registration, "show"),
    }


def new_address_context(email: OutgoingEmail) -> dict:
    """Go to an address that nobody has confirmed, so tell nothing about the person.

    The link is for that address alone: it is dead if another one was given since.
    """
    registration = email.registration
    return event_context(registration.event) | {"link": absolute_url(registration.manage_path_for(email.to))}


def address_notice_context(email: OutgoingEmail) -> dict:
    """Go to the old address: with the link as long as that is still the registration's own."""
    registration = email.registration
    is_still_theirs = email.to == registration.email
    return greeting_context(email) | {"link": build_page_url(registration, "show") if is_still_theirs else ""}


def link_context(email: OutgoingEmail) -> dict:
    """List every registration of the address, the latest event first."""
    found = [email.registration] if email.registration else list(find_registrations(email.to))
    found.sort(key=lambda registration: registration.event.starts_at, reverse=True)
    links = [(one.event.title, one.event.when, name_status(one), build_page_url(one, "show")) for one in found]
    return {"links": links}


def name_status(registration: Registration) -> str:
    """Return the status in words for the attendee; organisers read who is to confirm."""
    return _("not confirmed yet") if registration.is_pending else registration.get_status_display()


def message_context(email: OutgoingEmail) -> dict:
    """Return what organisers wrote, its placeholders filled in for this person."""
    registration = email.registration
    return greeting_context(email) | {
        "subject": fill_placeholders(email.mailing.subject, placeholder_values(registration)),
        "message": render_markdown_value(email.mailing.text, registration),
        "when": registration.event.when,
        "link": build_page_url(registration, "show"),
    }


def build_page_url(registration: Registration, page: str) -> str:
    """Return the full address of one of the pages behind the personal link."""
    return absolute_url(reverse(f"registrations:{page}", args=[registration.manage_token]))


def find_registrations(address: str) -> QuerySet[Registration]:
    """Find all that is registered with this address, with what a list of links shows."""
    return Registration.objects.with_email(address).select_related("event__venue")


def get_reply_to(email: OutgoingEmail) -> str:
    """Return whom an answer goes to: the event's organisers, of several events the latest one's; empty for a test."""
    registration = email.registration or find_registrations(email.to).order_by("-event__starts_at").first()
    return registration.event.contact_email if registration and email.kind != Kind.TEST else ""
