"""What each e-mail says: the texts and numbers that its template in templates/emails/ gets; and examples of all."""

import re
from copy import copy
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from conference.local_time import format_deadline
from conference.models import Event
from conference.site_urls import absolute_url
from conference.text.email_addresses import decode_domain
from conference.text.languages import TranslatedText
from conference.text.markdown import parse_markdown
from registrations.mail.account_emails import get_account_context
from registrations.mail.person_names import is_name
from registrations.mail.rendering import RenderedEmail, Value, render_plain_text, render_template
from registrations.mail.repeated_sign_ups import list_differences
from registrations.mail.ticket_picture import embed_picture, show_ticket
from registrations.models import ACCOUNT_KINDS, OutgoingEmail, Registration, list_details
from registrations.placeholders import fill_placeholders, fill_tokens, render_html

Kind = OutgoingEmail.Kind
Status = Registration.Status

# Where mail programs recognise addresses of pages and people. With a space after it, they do not: an invisible one, but
# in addresses of people, which are copied.
LINK_BOUNDARIES = re.compile(r"([.:/@。．｡：／＠])(?=\S)")
ZERO_WIDTH_SPACE = "\u200b"
# An address in which no mail program finds another link than the address itself: no slashes, quotes or “www”, and of
# other signs only the apostrophe of names, after which nothing else than a name follows.
LINKLESS_ADDRESS = re.compile(
    r"(?!.*\bwww\b)([a-z0-9_-]+[.+])*([a-z]')?[a-z0-9_-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE
)
# The status of somebody who gets an e-mail of this kind as an example; all others are confirmed.
EXAMPLE_STATUSES = {Kind.WAITLISTED: Status.WAITLISTED, Kind.CONFIRM: Status.PENDING, Kind.CANCELLED: Status.CANCELLED}


def render_email(email: OutgoingEmail) -> RenderedEmail:
    """Render this e-mail in its language, as things are now."""
    with translation.override(email.language):
        return render_template(email.kind, get_context(email))


def get_context(email: OutgoingEmail) -> dict:
    registration = email.registration
    if email.kind in ACCOUNT_KINDS:
        return get_account_context(email)
    match email.kind:
        case Kind.TEST:
            return {"site": settings.SITE_URL}
        case Kind.LINK:
            return link_context(email)
        case Kind.NEW_ADDRESS:
            # Nobody has confirmed the address, so tell nothing about the person. The link is for that address alone.
            event, link = registration.event, absolute_url(registration.manage_path_for(email.to))
            return {"event": event.title, "contact": event.contact_email, "link": link}
        case Kind.ADDRESS_NOTICE:
            # It goes to the old address: with the link as long as that is still the registration's own.
            is_still_theirs = email.to == registration.email
            return greeting_context(email) | {"link": build_page_url(registration, "show") if is_still_theirs else ""}
        case Kind.MESSAGE:
            return greeting_context(email) | {
                "subject": fill_placeholders(email.mailing.subject, placeholder_values(registration)),
                "message": render_markdown_value(email.mailing.text, registration),
                "when": registration.event.when,
                "link": build_page_url(registration, "show"),
            }
    return registration_context(email)


def greeting_context(email: OutgoingEmail) -> dict:
    """Return who the e-mail greets and for which event; nothing that opens or tells of the registration."""
    event = email.registration.event
    # Latvian greets in the vocative, which no program can form of every name.
    name = email.registration.first_name or email.registration.last_name
    return {
        "event": event.title,
        "contact": event.contact_email,
        "name": break_links(name) if email.language != "lv" and is_name(name) else "",
        "person": get_shown_name(email.registration),
        "entered": [(label, break_links(str(text))) for label, text in list_differences(email.entered or {}, event)],
    }


def registration_context(email: OutgoingEmail) -> dict:
    """Return what an e-mail about a registration shows: the event, the links, what was filled in, the status."""
    registration, event = email.registration, email.registration.event
    paragraph = event.paragraphs.filter(kind=email.kind).first()
    details = [(label, texts) for label, texts in list_details(registration) if can_be_shown(texts[0], registration)]
    hold_until = registration.hold_until and timezone.localtime(registration.hold_until, event.zone)
    return greeting_context(email) | {
        "event_url": absolute_url(event.get_absolute_url()),
        "sentences": event.sentences._asdict(),
        "when": event.when,
        "day": date_format(event.starts_at.astimezone(event.zone), "MONTH_DAY_FORMAT"),
        "where": Value.join([event.venue.name, *event.venue.address_parts], ", "),
        "promotes_automatically": event.promotes_automatically,
        "link": build_page_url(registration, "show"),
        "confirm_link": build_page_url(registration, "confirm"),
        "cancel_link": build_page_url(registration, "cancel"),
        "note": "" if registration.is_cancelled or event.is_cancelled else event.confirmation_note,
        "cancellation_note": event.cancellation_note,
        "paragraph": render_markdown_value(paragraph.text, registration) if paragraph else "",
        "reference": registration.reference,
        "details": [(label, Value.join(display_value(text, email.to) for text in texts)) for label, texts in details],
        "is_confirmed": registration.is_confirmed,
        "is_pending": registration.is_pending,
        "has_expired": registration.has_expired_hold,
        "hold_until": format_deadline(hold_until),
        "can_be_changed": registration.can_be_changed,
        "ticket": show_ticket(registration) if registration.can_attend else "",
        "ticket_link": build_page_url(registration, "ticket"),
        "position": registration.waiting_list_position,
        "one_per_address": event.one_per_address,
    }


def can_be_shown(text: TranslatedText, registration: Registration) -> bool:
    """Whether `text` is not a name that is none: a message to a stranger whose address somebody entered."""
    is_typed_as_name = text in (registration.first_name, registration.last_name)
    return not is_typed_as_name or registration.email_confirmed_at is not None or is_name(text)


def get_shown_name(registration: Registration) -> str:
    """Return the full name, by which people who share a mailbox know whose e-mail it is; empty if it is no name."""
    names = [name for name in (registration.first_name, registration.last_name) if name]
    return " ".join(map(break_links, names)) if all(can_be_shown(name, registration) for name in names) else ""


def render_markdown_value(text, registration: Registration) -> Value:
    """Render organisers' Markdown, its placeholders filled in for this person."""
    values = placeholder_values(registration)
    tokens = parse_markdown(str(text))
    fill_tokens(tokens, values)
    return Value(html=render_html(text, values), text=render_plain_text(tokens), is_block=True)


def placeholder_values(registration: Registration) -> dict[str, str]:
    """Return what stands for each of placeholders.NAMES in an e-mail to this person."""
    event = registration.event
    # Who has only one name is called by that.
    first_name = registration.first_name or registration.last_name
    names = {"first_name": first_name, "last_name": registration.last_name if registration.first_name else ""}
    return {
        **{name: break_links(text) if can_be_shown(text, registration) else "" for name, text in names.items()},
        "reference": registration.reference,
        "event": str(event.title),
        "when": event.when,
        "venue": f"{event.venue.name}, {event.venue.address}",
        "link": build_page_url(registration, "show"),
    }


def link_context(email: OutgoingEmail) -> dict:
    """List every registration of the address with the person's name, the latest event first."""
    found = [email.registration] if email.registration else find_registrations(email.to).order_by("pk")
    links = []
    for one in sorted(found, key=lambda registration: registration.event.starts_at, reverse=True):
        # The label of this status tells organisers who is to confirm.
        status = _("not confirmed yet") if one.is_pending else one.get_status_display()
        if one.event.is_cancelled:
            status = one.event.sentences.is_cancelled
        links.append((get_shown_name(one), one.event.title, one.event.when, status, build_page_url(one, "show")))
    return {"links": links}


def build_page_url(registration: Registration, page: str) -> str:
    """Return the full address of one of the pages behind the personal link."""
    return absolute_url(reverse(f"registrations:{page}", args=[registration.manage_token]))


def find_registrations(address: str) -> QuerySet[Registration]:
    """Find all that is registered with this address, with what a list of links shows."""
    return Registration.objects.with_email(address).select_related("event__venue")


def get_reply_to(email: OutgoingEmail) -> str:
    """Return who an answer goes to: the event's organisers, of several events the latest one's; empty for nobody."""
    if email.kind == Kind.TEST or email.kind in ACCOUNT_KINDS:
        return ""
    registration = email.registration or find_registrations(email.to).order_by("-event__starts_at").first()
    return registration.event.contact_email if registration else ""


def break_links(text: str) -> str:
    """Return the text as it was typed, with no link: somebody can sign a stranger up, and must not send links so."""
    return "".join(map(break_links_in_word, re.split(r"(\s+)", text)))


def break_links_in_word(word: str) -> str:
    space = " " if re.search("[@＠]", word) else ZERO_WIDTH_SPACE
    return LINK_BOUNDARIES.sub(rf"\1{space}", word)


def display_value(text: TranslatedText, own_address: str) -> TranslatedText:
    """Return what was filled in, with no link but the reader's `own_address`; organisers' texts stay as they are."""
    # The e-mail goes to that address, so whoever signed them up could choose nothing but an address of theirs.
    if text == decode_domain(own_address) and LINKLESS_ADDRESS.fullmatch(own_address):
        return own_address
    return text if isinstance(text, LazyI18nString) else break_links(str(text))


def render_examples(event: Event) -> list[tuple[str, list[RenderedEmail]]]:
    """Render every automatic e-mail of `event`: its name, and what it says in each of the site's languages."""
    return [
        (kind.label, [render_example(event, kind, language) for language, _name in settings.LANGUAGES])
        for kind in Kind
        if kind not in (Kind.MESSAGE, Kind.TEST, *ACCOUNT_KINDS)
    ]


def render_example(event: Event, kind: str, language: str) -> RenderedEmail:
    """Render an automatic e-mail of `event`, to be shown within a page."""
    email = make_example(event, kind, language)
    rendered = render_email(email)
    return rendered._replace(html=embed_picture(rendered.html, email.registration))


def make_example(event: Event, kind: str, language: str) -> OutgoingEmail:
    """Make an unsaved e-mail of this kind to a made-up person."""
    now = timezone.now()
    if kind == Kind.EVENT_CANCELLED:
        event = copy(event)
        event.cancelled_at = now
    registration = Registration(
        pk=0,  # so that its relations can be asked, and are empty
        event=event,
        reference="K7M2PXQ4",
        ticket_code="0" * 20,
        first_name="Anna",
        last_name="Bērziņa",
        email="anna@example.org",
        new_email="anna.berzina@example.org",
        organisation="Rīgas Centrālā bibliotēka",
        language=language,
        status=EXAMPLE_STATUSES.get(kind, Status.CONFIRMED),
        waiting_since=now,
        hold_until=now + timedelta(hours=event.hold_hours),
    )
    return OutgoingEmail(registration=registration, kind=kind, language=language, to=registration.email)
