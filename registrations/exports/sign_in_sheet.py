"""The sign-in sheet: a PDF of the people with a place, each with room for a signature, as funders ask for."""

import io
import json
from pathlib import Path
from typing import BinaryIO

import typst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.exports.funding import get_funding_lines
from registrations.models import RegistrationQuerySet

# The only folder that typst can read: it holds nothing but the layout.
FOLDER = Path(__file__).parent / "typst"


def write_sign_in_sheet(event: Event, people: RegistrationQuerySet) -> tuple[BinaryIO, int]:
    """The PDF as an open file at its start, and how many people are on it, in the order of `people`."""
    rows = [
        [f"{last_name} {first_name}".strip(), organisation]
        for last_name, first_name, organisation in people.values_list("last_name", "first_name", "organisation")
    ]
    # As data, not as source: whatever was typed is text there, never markup.
    sheet = {
        "language": get_language(),
        "title": str(event.title),
        "about": [event.when, f"{event.venue.name}, {event.venue.address}"],
        "funding": get_funding_lines(event),
        "headers": [_("No."), _("Last name, first name"), _("Organisation"), _("Signature")],
        "heading": _("Sign-in sheet"),
        "page": _("Page"),
        "people": rows,
    }
    pdf = typst.compile(FOLDER / "sign_in_sheet.typ", root=FOLDER, sys_inputs={"sheet": json.dumps(sheet)})
    return io.BytesIO(pdf), len(rows)
