"""The sign-in sheet: a PDF of the people with a place, each with room for a signature, which funders ask for."""

import io
import json
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.models import Event
from registrations.exports.file_formats import ExportFile
from registrations.models import Registration, RegistrationQuerySet

# The only folder that typst can read: it holds nothing but the layout.
FOLDER = Path(__file__).parent / "typst"
COLUMNS = ["last_name", "first_name", "organisation"]


def write_sign_in_sheet(event: Event, people: RegistrationQuerySet) -> ExportFile:
    """The PDF, in the order of `people`."""
    import typst  # few requests need it, and it is large

    has_organisations = "organisation" in Registration.objects.list_shown_fields([event])
    columns = COLUMNS if has_organisations else COLUMNS[:2]
    names = people.values_list(*columns)
    # Passed as data and not as source, so that nothing that was typed becomes markup.
    sheet = {
        "language": get_language(),
        "title": str(event.title),
        "about": [event.when, f"{event.venue.name}, {event.venue.address}"],
        "funding": get_funding_lines(event),
        "headers": [
            _("No."),
            _("Last name, first name"),
            *([_("Organisation")] if has_organisations else []),
            _("Signature"),
        ],
        "heading": _("Sign-in sheet"),
        "page": _("Page"),
        "people": [[f"{last} {first}".strip(), *organisation] for last, first, *organisation in names],
    }
    pdf = typst.compile(FOLDER / "sign_in_sheet.typ", root=FOLDER, sys_inputs={"sheet": json.dumps(sheet)})
    return ExportFile(io.BytesIO(pdf), len(names), columns)


def get_funding_lines(event: Event) -> list[str]:
    """Each funder's name and the sentence that it asks for on everything printed, in the active language. One query."""
    statements = [(partner.name, str(partner.funding_statement).strip()) for partner in event.partners.all()]
    return [f"{name}: {statement}" for name, statement in statements if statement]
