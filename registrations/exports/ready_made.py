"""The ready-made lists of one event: what the door, the caterer and the funder ask for, each by one button."""

import io
from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.models import Event
from registrations.exports.catering import write_catering
from registrations.exports.column import Reader
from registrations.exports.funders_report import write_funders_report
from registrations.exports.people import write_people
from registrations.exports.sign_in_sheet import write_sign_in_sheet
from registrations.models import RegistrationQuerySet

DOOR = ["last_name", "first_name", "organisation", "reference"]
BADGES = ["first_name", "last_name", "organisation", "job_title", "country", "reference", "language"]
ADDRESSES = ["email"]
# A file, how many rows it has, and the names of its columns.
Written = tuple[BinaryIO, int, list[str]]


class ReadyMade(NamedTuple):
    """A list of an event: what it is called, in which formats it comes, and what writes it for whom.

    `write` takes the event, those of the people shown who have a place, in the Latvian alphabet's order, the format
    and who reads it.
    """

    title: Promise
    about: Promise
    formats: list[str]
    write: Callable[[Event, RegistrationQuerySet, str, Reader], Written]
    needs_email: bool = False


def people_with(names: list[str]):
    """What writes a table of people with these columns."""

    def write(event, people, format, reader) -> Written:
        return write_people(people, format, reader, names=names, title=str(event.title))

    return write


def addresses(event, people, format, reader) -> Written:
    """Each address once, a line each."""
    found = sorted({email.lower(): email for email in people.values_list("email", flat=True)}.values())
    return io.BytesIO("".join(f"{email}\n" for email in found).encode()), len(found), ADDRESSES


def catering(event, people, format, reader) -> Written:
    return *write_catering(event, format), []


def sign_in_sheet(event, people, format, reader) -> Written:
    return *write_sign_in_sheet(event, people), ["last_name", "first_name", "organisation"]


def funders_report(event, people, format, reader) -> Written:
    return *write_funders_report(event), []


READY_MADE = {
    "participants": ReadyMade(
        _("Participants, for the door"),
        _("Last name, first name, organisation, reference of the people shown who have a place."),
        ["xlsx", "csv"],
        people_with(DOOR),
    ),
    "sign-in-sheet": ReadyMade(
        _("Sign-in sheet"),
        _("To print: the people shown who have a place, with room to sign, and the funder's line."),
        ["pdf"],
        sign_in_sheet,
    ),
    "badges": ReadyMade(
        _("Data for badges"),
        _("Name, organisation, job title, country, reference, language of the people shown who have a place."),
        ["xlsx", "csv"],
        people_with(BADGES),
    ),
    "addresses": ReadyMade(
        _("E-mail addresses"),
        _("Each address once, a line each, of the people shown who have a place."),
        ["txt"],
        addresses,
        needs_email=True,
    ),
    "catering": ReadyMade(
        _("Caterer's counts"),
        _("How many need what, of everybody who has a place. Only numbers."),
        ["xlsx", "csv"],
        catering,
    ),
    "report": ReadyMade(
        _("Funder's report"),
        _("Everybody in numbers: by sector, country, the event's questions and language, and who came. No names."),
        ["xlsx"],
        funders_report,
    ),
}


def ready_made(reader: Reader) -> dict[str, ReadyMade]:
    """The lists that `reader` may take, by their names."""
    return {name: made for name, made in READY_MADE.items() if reader.sees_email or not made.needs_email}


def with_a_place(event: Event, registrations: RegistrationQuerySet) -> RegistrationQuerySet:
    """Those of `registrations` who have a place at `event` and are not erased, in the Latvian alphabet's order."""
    return registrations.filter(event=event).holding_a_place().reachable().order_by("sort_name", "pk")
