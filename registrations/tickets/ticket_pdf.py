"""The ticket as a PDF, to be printed or kept on a phone."""

import json
from functools import partial
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.text.languages import TranslatedText, get_fallback_language
from conference.text.markdown import parse_markdown
from registrations.mail.rendering import render_plain_text
from registrations.models import Registration
from registrations.tickets.ticket_codes import spell_ticket_code
from registrations.tickets.ticket_qr import build_ticket_url, render_svg

# The folder holds nothing but the layout, and is the only one that typst can read.
LAYOUT = Path(__file__).parent / "typst" / "ticket.typ"
# For archives, and for screen readers.
STANDARDS = ["a-2a", "ua-1"]


def write_ticket(registration: Registration) -> bytes:
    """Return the PDF in the active language.

    The standards forbid signs in the place of letters that no font of this machine has: with such a letter in a name,
    it is a PDF that claims neither.
    """
    import typst  # few requests need it, and it is large

    # Passed as data and not as source, so that nothing that was typed becomes markup.
    inputs = {"ticket": json.dumps(describe_ticket(registration))}
    compile_layout = partial(typst.compile, LAYOUT, root=LAYOUT.parent, sys_inputs=inputs)
    try:
        return compile_layout(pdf_standards=STANDARDS)
    except typst.TypstError:
        return compile_layout()


def describe_ticket(registration: Registration) -> dict:
    event = registration.event
    venue = event.venue
    return {
        "language": get_language(),
        "heading": _("Ticket"),
        "event": mark_language(event.title),
        "name": registration.full_name,
        "reference": [_("Reference"), registration.reference],
        "qr": render_svg(build_ticket_url(registration.ticket_code)),
        "code": spell_ticket_code(registration.ticket_code),
        "qr_text": _("QR code of your ticket"),
        "use": _("Show this at the entrance, on your phone or printed. It can check you in and do nothing else."),
        "when": [_("When"), event.when],
        "where": [_("Where"), *map(mark_language, [venue.name, *venue.address_parts])],
        "contact": [_("Contact"), event.contact_email],
        "directions": [_("How to get there"), mark_language(venue.directions, read_markdown(venue.directions))],
        "note": mark_language(event.confirmation_note),
    }


def mark_language(text: TranslatedText, words: str | None = None) -> dict:
    """Return the text, or `words` of it, with the language that it is in."""
    return {"words": str(text) if words is None else words, "language": get_fallback_language(text) or get_language()}


def read_markdown(text: TranslatedText) -> str:
    return render_plain_text(parse_markdown(str(text)))
