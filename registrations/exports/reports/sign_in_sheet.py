"""The sign-in sheet: a PDF of the people with a place, each with room for a signature, which funders ask for."""

import io
import json
from pathlib import Path

import typst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.exports.file_formats import ExportFile
from registrations.exports.reports.funding import get_funding_lines
from registrations.models import RegistrationQuerySet

# The only folder that typst can read: it holds nothing but the layout.
FOLDER = Path(__file__).parent / "typst"
COLUMNS = ["last_name", "first_name", "organisation"]


def write_sign_in_sheet(event: Event, people: RegistrationQuerySet) -> ExportFile:
    """The PDF, in the order of `people`."""
    rows = [
        [f"{last_name} {first_name}".strip(), organisation]
        for last_name, first_name, organisation in people.values_list(*COLUMNS)
    ]
    # Passed as data and not as source, so that nothing that was typed becomes markup.
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
    return ExportFile(io.BytesIO(pdf), len(rows), COLUMNS)
