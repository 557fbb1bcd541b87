"""Finding people at the door without a script: by the code of a ticket, by their reference or by name."""

from typing import NamedTuple
from uuid import UUID, uuid4

from django.db.models import Q

from attendance.models import CheckIn
from attendance.operations.check_in_history import Entry, find_entries
from attendance.verdict_screens import VERDICT_SCREENS, VerdictScreen
from conference.models import Event
from registrations.models import Registration
from registrations.tickets.ticket_codes import compute_ticket_key, read_ticket_code

MAX_FOUND = 20
SCREENS = {screen.name: screen for screen in VERDICT_SCREENS}


class Found(NamedTuple):
    """Who was found, if anybody has that ticket; what is said about them; and since when they are in, if they are.

    The new ids are for records of what is done next: who sends the form twice does it once.
    """

    registration: Registration | None
    key: str
    screen: VerdictScreen
    entry: Entry | None
    new_id: UUID
    undo_id: UUID

    @property
    def is_welcome(self) -> bool:
        return self.screen.name == CheckIn.Verdict.WELCOME


def get_screen(verdict: str) -> VerdictScreen:
    """Return what is said to a helper; a ticket of another event is as unknown as any other."""
    names = {CheckIn.Verdict.OTHER_EVENT: "unknown", CheckIn.Verdict.OVER_CAPACITY: "admitted"}
    return SCREENS[names.get(verdict, verdict)]


def find_people(event: Event, text: str, *, by_name: bool, is_practice: bool) -> list[Found]:
    """Return who is meant by what was scanned or typed; a code that nobody has is found too, but nobody with it."""
    text = text.strip()
    people, key = event.registrations.not_erased(), ""
    if code := read_ticket_code(text):
        key = compute_ticket_key(code)
        people = people.filter(ticket_key=key)
    elif by_name:
        people = people.filter(pk__in=people.search(text, with_email=False)) if text else people.none()
    else:
        people = people.filter(Q(reference=text.upper().replace(" ", "")))
    found = list(people.order_by("sort_name", "pk")[:MAX_FOUND])
    if not found and key:
        return [Found(None, key, SCREENS["unknown"], None, uuid4(), uuid4())]
    entries = find_entries([person.pk for person in found], is_practice=is_practice)
    return [describe(person, entries.get(person.pk)) for person in found]


def describe(person: Registration, entry: Entry | None) -> Found:
    verdict = CheckIn.Verdict.WELCOME if person.is_confirmed else person.status
    return Found(person, person.ticket_key, get_screen("again" if entry else verdict), entry, uuid4(), uuid4())
