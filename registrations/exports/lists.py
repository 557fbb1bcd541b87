"""The lists that can be exported: a table of registrations, and what the door, the caterer and the funder ask for."""

import io
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.models import Event
from registrations.exports.access import ExportAccess
from registrations.exports.columns import get_columns
from registrations.exports.csv_writer import write_rows
from registrations.exports.file_formats import FORMATS, ExportFile
from registrations.exports.reports.catering import write_catering
from registrations.exports.reports.funders_report import write_funders_report
from registrations.exports.reports.sign_in_sheet import write_sign_in_sheet
from registrations.exports.xlsx_writer import open_xlsx
from registrations.models import RegistrationQuerySet

CHUNK_ROWS = 2000  # in memory at a time
DOOR_COLUMNS = ["last_name", "first_name", "organisation", "reference"]
BADGE_COLUMNS = ["first_name", "last_name", "organisation", "job_title", "country", "reference", "language"]


def write_registrations(
    registrations: RegistrationQuerySet, format: str, access: ExportAccess, *, names=None, title: str = ""
) -> ExportFile:
    """`registrations` in their order. A workbook's sheet is called `title`.

    The columns are those of `names`, in that order, that exist and may be seen under `access`; all of them without
    `names`. Headers and labels are in the active language, times in each event's zone.
    """
    file_format = FORMATS[format]
    is_csv = file_format.extension == "csv"
    columns = get_columns(get_events(registrations), access, for_csv=is_csv)
    if names is not None:
        by_name = {column.name: column for column in columns}
        columns = [by_name[name] for name in names if name in by_name]
    values = {f"column_{number}": column.value for number, column in enumerate(columns)}
    rows = registrations.select_related(None).annotate(**values).values_list(*values)
    if is_csv:
        written = write_rows([column.header for column in columns], rows, file_format)
    else:
        with transaction.atomic(savepoint=False), open_xlsx() as xlsx:
            headers = [(column.header, column.type) for column in columns]
            # `iterator` would keep all rows in memory, as the settings rule out cursors that outlive a transaction.
            count = xlsx.add_sheet(title, headers, rows._iterator(use_chunked_fetch=True, chunk_size=CHUNK_ROWS))
        written = ExportFile(xlsx.file, count)
    return written._replace(columns=[column.name for column in columns])


def get_events(registrations: RegistrationQuerySet):
    """The events that these people are registered for, the latest first."""
    keys = registrations.order_by().values("event").distinct()
    return Event.objects.defer_long_texts().filter(pk__in=keys).order_by("-starts_at", "pk")


class Preset(NamedTuple):
    """A list of an event: what it is called, in which formats it comes, and what writes it.

    `write` takes the event, its place holders (see `filter_place_holders`), the name of the format, and the access.
    """

    title: Promise
    about: Promise
    formats: list[str]
    write: Callable[[Event, RegistrationQuerySet, str, ExportAccess], ExportFile]
    needs_email: bool = False


def write_table(names: list[str], event: Event, people: RegistrationQuerySet, format: str, access: ExportAccess):
    """A table of people with the columns of these names."""
    return write_registrations(people, format, access, names=names, title=str(event.title))


def write_addresses(people: RegistrationQuerySet) -> ExportFile:
    """Each e-mail address once, a line each."""
    emails = people.exclude(email="").values_list("email", flat=True)
    found = sorted({email.lower(): email for email in emails}.values())
    return ExportFile(io.BytesIO("".join(f"{email}\n" for email in found).encode()), len(found), ["email"])


PRESETS = {
    "participants": Preset(
        _("Door list"),
        _("Last name, first name, organisation and reference of the listed people who have a place."),
        ["xlsx", "csv"],
        partial(write_table, DOOR_COLUMNS),
    ),
    "sign-in-sheet": Preset(
        _("Sign-in sheet"),
        _("For printing: the listed people who have a place, with room for a signature, and the funder's statement."),
        ["pdf"],
        lambda event, people, format, access: write_sign_in_sheet(event, people),
    ),
    "badges": Preset(
        _("Data for badges"),
        _("Name, organisation, job title, country, reference and language of the listed people who have a place."),
        ["xlsx", "csv"],
        partial(write_table, BADGE_COLUMNS),
    ),
    "addresses": Preset(
        _("E-mail addresses"),
        _("Each address once, one per line, of the listed people who have a place."),
        ["txt"],
        lambda event, people, format, access: write_addresses(people),
        needs_email=True,
    ),
    "catering": Preset(
        _("Numbers for the caterer"),
        _("How many people with a place need what, and what they wrote. No names."),
        ["xlsx", "csv"],
        lambda event, people, format, access: write_catering(event, format),
    ),
    "report": Preset(
        _("Funder's report"),
        _("Totals by sector, country, language and the event's questions, and how many attended. No names."),
        ["xlsx"],
        lambda event, people, format, access: write_funders_report(event),
    ),
}


def get_allowed_presets(access: ExportAccess) -> dict[str, Preset]:
    """The lists that may be exported under `access`, by their names."""
    return {name: preset for name, preset in PRESETS.items() if access.can_see_email or not preset.needs_email}


def filter_place_holders(event: Event, registrations: RegistrationQuerySet) -> RegistrationQuerySet:
    """Those of `registrations` who have a place at `event` and are not erased, in the Latvian alphabet's order."""
    return registrations.filter(event=event).occupying_place().not_erased().order_by("sort_name", "pk")
