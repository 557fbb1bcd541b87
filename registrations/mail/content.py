"""What each message says: a function for each, returning what its three templates in templates/emails/ are filled with.

The templates see no registration, only texts. What a visitor typed goes through `unlinked` first, so that
whatever a stranger signs somebody else up with, the e-mail that this sends carries no link of theirs.
"""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from i18nfield.strings import LazyI18nString

from conference.addresses import absolute_url
from conference.models import Event
from conference.text.dates import format_deadline
from conference.text.languages import TranslatedText
from registrations.models import OutgoingEmail, Registration, list_details
from registrations.placeholders import fill_placeholders, render_html

Kind = OutgoingEmail.Kind
Status = Registration.Status

# Where mail programs recognise addresses of pages and people. An invisible space after it, and they do not.
LINK_BOUNDARIES = re.compile(r"([.:/@。．｡：／＠])(?=\S)")
ZERO_WIDTH_SPACE = "\u200b"
# An address in which no mail program finds another link than the address itself: no slashes, quotes or “www”.
LINKLESS_ADDRESS = re.compile(r"(?!.*\bwww\b)[a-z0-9_-]+([.+][a-z0-9_-]+)*@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)


class RenderedEmail(NamedTuple):
    subject: str
    text: str
    html: str

    @property
    def html_body(self) -> str:
        """What stands in the body of the HTML, to be shown within a page."""
        body = self.html.partition("<body>")[2].partition("</body>")[0]
        return mark_safe(body)  # noqa: S308 (templates escaped it)


def render_email(email: OutgoingEmail) -> RenderedEmail:
    """The words of this message in its language, as things stand now."""
    with translation.override(email.language):
        context = CONTEXTS[email.kind](email)
        template = f"emails/{email.kind}"
        return RenderedEmail(
            subject=" ".join(render_to_string(f"{template}.subject.txt", context).split()),
            # Joined to a plain str: rendering marks it as safe HTML, which it is not where a page shows it.
            text="".join(render_to_string(f"{template}.txt", context)),
            html=render_to_string(f"{template}.html", context),
        )


def break_links(text: str) -> str:
    """The text as it was typed, which no mail program turns into a link."""
    return LINK_BOUNDARIES.sub(rf"\1{ZERO_WIDTH_SPACE}", text)


def break_links_if_typed(text: TranslatedText) -> TranslatedText:
    """The same for a text that a visitor may have typed: all but organisers' translated ones."""
    return text if isinstance(text, LazyI18nString) else break_links(str(text))


def display_value(text: TranslatedText, own_address: str) -> TranslatedText:
    """What was given, as a message shows it: the reader's `own_address` so that it can be copied, unless it is odd.

    The message goes there, so whoever signed them up could choose nothing but an address of theirs.
    """
    is_own = text == own_address and LINKLESS_ADDRESS.fullmatch(text)
    return text if is_own else break_links_if_typed(text)


def build_page_url(registration: Registration, page: str) -> str:
    """The full address of one of the pages behind the personal link."""
    return absolute_url(reverse(f"registrations:{page}", args=[registration.manage_token]))


def greeting_context(email: OutgoingEmail) -> dict:
    """Whom the message greets and for which event; nothing that opens or tells of the registration."""
    return {"event": email.registration.event, "name": break_links(email.registration.first_name)}


def registration_context(email: OutgoingEmail) -> dict:
    """What every message about a registration shows: the event, the personal link, what was given, how it stands."""
    registration, event = email.registration, email.registration.event
    given = [(label, [display_value(text, email.to) for text in texts]) for label, texts in list_details(registration)]
    values = placeholder_values(registration)
    paragraph = next((one.text for one in event.paragraphs.filter(kind=email.kind)), "")
    return greeting_context(email) | {
        "event_url": absolute_url(event.get_absolute_url()),
        "link": build_page_url(registration, "show"),
        "reference": registration.reference,
        "given": given,
        "has_place": registration.is_confirmed,
        "is_pending": registration.is_pending,
        "is_cancelled": registration.is_cancelled,
        "can_be_changed": registration.can_be_changed,
        "position": registration.waiting_list_position,
        "paragraph": fill_placeholders(paragraph, values),
        "paragraph_html": render_html(paragraph, values),
    }


def placeholder_values(registration: Registration) -> dict[str, str]:
    """What stands for each of placeholders.NAMES in a message to this person."""
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


def registered(email: OutgoingEmail) -> dict:
    return registration_context(email) | {"cancel_url": build_page_url(email.registration, "cancel")}


def waitlisted(email: OutgoingEmail) -> dict:
    return registration_context(email)


def already_registered(email: OutgoingEmail) -> dict:
    return registration_context(email)


def confirm(email: OutgoingEmail) -> dict:
    """Asks to confirm the address; says until when (by the event's clock) the place is held."""
    registration = email.registration
    return registration_context(email) | {
        "confirm_url": build_page_url(registration, "confirm"),
        "hold_until": format_deadline_of(registration.hold_until, registration.event),
    }


def promoted(email: OutgoingEmail) -> dict:
    return confirm(email) | registered(email)


def changed(email: OutgoingEmail) -> dict:
    return registration_context(email)


def new_address(email: OutgoingEmail) -> dict:
    """Goes to an address that nobody has confirmed, so it tells nothing about the person.

    The link is for that address alone: it is dead if another one was given since.
    """
    return {"event": email.registration.event, "link": absolute_url(email.registration.manage_path_for(email.to))}


def address_notice(email: OutgoingEmail) -> dict:
    """Goes to the old address: with the link as long as that is still the registration's own."""
    registration = email.registration
    is_still_theirs = email.to == registration.email
    return greeting_context(email) | {"link": build_page_url(registration, "show") if is_still_theirs else ""}


def cancelled(email: OutgoingEmail) -> dict:
    registration = email.registration
    return registration_context(email) | {
        "has_lapsed": registration.has_expired_hold,
        "hold_until": format_deadline_of(registration.hold_until, registration.event),
    }


def link(email: OutgoingEmail) -> dict:
    """Lists every registration of the address, the latest event first."""
    found = [email.registration] if email.registration else list(find_registrations(email.to))
    return {
        "links": [
            (one.event, one.get_status_display(), build_page_url(one, "show"))
            for one in sorted(found, key=lambda one: one.event.starts_at, reverse=True)
        ]
    }


def reminder(email: OutgoingEmail) -> dict:
    return registered(email)


def message(email: OutgoingEmail) -> dict:
    """What organisers wrote, its placeholders filled in for this person."""
    values = placeholder_values(email.registration)
    return greeting_context(email) | {
        "subject": fill_placeholders(email.mailing.subject, values),
        "text": fill_placeholders(email.mailing.text, values),
        "html": render_html(email.mailing.text, values),
        "link": build_page_url(email.registration, "show"),
    }


def test(email: OutgoingEmail) -> dict:
    return {"site": settings.SITE_URL}


def find_registrations(address: str):
    """All that is registered with this address, with what a list of links shows."""
    return Registration.objects.with_email(address).select_related("event__venue")


def get_reply_to(email: OutgoingEmail) -> str:
    """Whom an answer goes to: the event's organisers, of several events the latest one's; empty for a test."""
    about = email.registration or find_registrations(email.to).order_by("-event__starts_at").first()
    return about.event.contact_email if about and email.kind != Kind.TEST else ""


def format_deadline_of(moment: datetime | None, event: Event) -> str:
    """Date and time in the active language, to be put after “until”; empty for None."""
    return format_deadline(moment and timezone.localtime(moment, event.zone))


def render_examples(event: Event) -> list[tuple[str, list[RenderedEmail]]]:
    """Every message that `event` sends by itself, with its name: the words in each of the site's languages."""
    return [
        (kind.label, [render_email(make_example(event, kind, language)) for language, _name in settings.LANGUAGES])
        for kind in Kind
        if kind not in (Kind.MESSAGE, Kind.TEST)
    ]


def make_example(event: Event, kind: str, language: str) -> OutgoingEmail:
    """A message of this kind to somebody made up, stored nowhere."""
    now = timezone.now()
    statuses = {Kind.WAITLISTED: Status.WAITLISTED, Kind.CONFIRM: Status.PENDING, Kind.CANCELLED: Status.CANCELLED}
    registration = Registration(
        pk=0,  # so that its relations can be asked, and are empty
        event=event,
        reference="K7M2PXQ4",
        first_name="Anna",
        last_name="Bērziņa",
        email="anna@example.org",
        new_email="anna.berzina@example.org",
        organisation="Rīgas Centrālā bibliotēka",
        language=language,
        status=statuses.get(kind, Status.CONFIRMED),
        created_at=now,
        waiting_since=now,
        hold_until=now + timedelta(hours=event.hold_hours),
    )
    return OutgoingEmail(registration=registration, kind=kind, language=language, to=registration.email)


CONTEXTS = {
    Kind.REGISTERED: registered,
    Kind.WAITLISTED: waitlisted,
    Kind.ALREADY_REGISTERED: already_registered,
    Kind.CONFIRM: confirm,
    Kind.PROMOTED: promoted,
    Kind.CHANGED: changed,
    Kind.NEW_ADDRESS: new_address,
    Kind.ADDRESS_NOTICE: address_notice,
    Kind.CANCELLED: cancelled,
    Kind.LINK: link,
    Kind.REMINDER: reminder,
    Kind.MESSAGE: message,
    Kind.TEST: test,
}
