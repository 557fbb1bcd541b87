"""Recording what happened at the doors. A door states facts: nothing is refused because of who the person is."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from attendance.models import CheckIn, Door, DoorDevice
from attendance.operations.check_in_history import (
    Passage,
    Person,
    find_entry,
    read_history,
    read_people,
    write_checked_in_at,
)
from attendance.operations.walk_ins import admit_walk_in, read_walk_in
from attendance.uploads import Record
from conference.models import Event
from registrations.models import Registration
from registrations.operations import lock_event

Kind = CheckIn.Kind
Status = Registration.Status

# A device whose clock is so wrong says nothing about when it was: what it sends counts as of then, or of now.
LONGEST_AGO = timedelta(days=30)
LARGEST_OFFSET = 2**31 - 1
VERDICTS = {
    Status.CONFIRMED: CheckIn.Verdict.WELCOME,
    Status.PENDING: CheckIn.Verdict.PENDING,
    Status.WAITLISTED: CheckIn.Verdict.WAITLISTED,
    Status.CANCELLED: CheckIn.Verdict.CANCELLED,
}


class Verdict(NamedTuple):
    """What organisers and the device are told about an entry; if the person was in already, since when and where."""

    verdict: str
    since: datetime | None = None
    door: str = ""


class Recorded(NamedTuple):
    """Which records are stored now, also those that were before; which are not, and why; what is told of each."""

    stored: list[UUID]
    refused: dict[UUID, str]
    verdicts: dict[UUID, Verdict]


def record_check_ins(
    event: Event,
    records: Sequence[Record],
    *,
    device_now: datetime | None = None,
    device: DoorDevice | None = None,
    user: User | None = None,
) -> Recorded:
    """Store each record once, in one transaction, and derive from them when the people came. Raises Busy.

    What a device says about a time is put right by how much its clock differs: `device_now` is what it shows when it
    sends this, None for the database's own. A time in the future counts as now, one long ago as LONGEST_AGO.
    """
    if not records:
        return Recorded([], {}, {})
    with lock_event(event) as locked:
        offset = locked.locked_at - device_now if device_now else timedelta(0)
        book = DoorBook(locked, records, offset=offset, device=device, user=user)
        for record in records:
            book.enter(record)
        book.write()
    return Recorded(book.stored, book.refused, book.verdicts)


def read_doors(event: Event, device: DoorDevice | None, records: Sequence[Record]) -> dict[int, str]:
    """Return the names of the entrances that these records can be about. No query if it is the phone's own."""
    own = {device.door.pk: device.door.name} if device and device.door else {}
    if all(record.door_id is None or record.door_id in own for record in records):
        return own
    return dict(Door.objects.filter(event=event).values_list("pk", "name"))


class DoorBook:
    """What is known of the people in some records while these are entered one by one, under the event's lock."""

    def __init__(
        self,
        event: Event,
        records: Sequence[Record],
        *,
        offset: timedelta,
        device: DoorDevice | None = None,
        user: User | None = None,
    ):
        self.event, self.offset, self.device, self.user = event, offset, device, user
        self.by_key = read_people({record.key for record in records if record.key})
        of_event = [one.registration_id for one in self.by_key.values() if one.event_id == event.pk]
        history = read_history(of_event, [pk for record in records for pk in (record.id, record.undoes) if pk])
        self.known = {one.id: one for one in history}
        is_undo = [one.kind == Kind.UNDO and one.event_id == event.pk for one in history]
        self.undone = {(one.undoes, one.is_practice) for one, is_one in zip(history, is_undo, strict=True) if is_one}
        self.passages: dict[int | None, list[Passage]] = defaultdict(list)
        for one in history:
            self.passages[one.registration_id].append(one)
        self.doors = read_doors(event, device, records)
        self.rows: list[CheckIn] = []
        self.people: set[int] = set()
        self.stored: list[UUID] = []
        self.refused: dict[UUID, str] = {}
        self.verdicts: dict[UUID, Verdict] = {}

    def enter(self, record: Record) -> None:
        """Prepare the row of a record, unless it is stored already, and say what it means."""
        if (known := self.known.get(record.id)) is not None:
            self.repeat(known)
            return
        person, verdict = self.find_person(record), Verdict("")
        if record.kind == Kind.IN and record.walk_in is not None:
            person, verdict = self.admit(record)
        elif record.kind == Kind.IN:
            verdict = self.judge(record, person)
        row = self.build_row(record, person, verdict.verdict)
        self.rows.append(row)
        self.stored.append(row.id)
        if row.kind == Kind.IN:
            self.verdicts[row.id] = verdict
        self.remember(row)

    def build_row(self, record: Record, person: Person | None, verdict: str) -> CheckIn:
        happened_at, clock_offset = self.put_right(record.at)
        return CheckIn(
            id=record.id,
            event_id=self.event.pk,
            registration_id=person and person.registration_id,
            ticket_key="" if person else record.key,
            kind=record.kind,
            undoes=record.undoes,
            door_id=record.door_id if record.door_id in self.doors else self.device and self.device.door_id,
            device=self.device,
            user=self.user,
            method=record.method,
            happened_at=happened_at,
            clock_offset=clock_offset,
            verdict=verdict,
            reason=record.reason,
            is_practice=record.is_practice,
        )

    def repeat(self, known: Passage) -> None:
        """Say again what was said when the record first came; the id of another event's is nobody's business."""
        if known.event_id != self.event.pk:
            self.refused[known.id] = _("This entry belongs to another event.")
            return
        self.stored.append(known.id)
        if known.kind == Kind.IN:
            others = [one for one in self.passages[known.registration_id] if one.id != known.id]
            entry = known.verdict == CheckIn.Verdict.AGAIN and self.find_entry(others, known.is_practice)
            since = (entry.happened_at, entry.door) if entry else ()
            self.verdicts[known.id] = Verdict(known.verdict, *since)

    def find_person(self, record: Record) -> Person | None:
        """Return whose registration for this event it is about; an undo is about whoever it undoes."""
        undone = self.known.get(record.undoes)
        if undone and undone.registration_id and undone.event_id == self.event.pk:
            return Person(undone.registration_id, self.event.pk, "")
        person = self.by_key.get(record.key)
        return person if person and person.event_id == self.event.pk else None

    def judge(self, record: Record, person: Person | None) -> Verdict:
        if person is None:
            is_other = record.key in self.by_key
            return Verdict(CheckIn.Verdict.OTHER_EVENT if is_other else CheckIn.Verdict.UNKNOWN)
        if entry := self.find_entry(self.passages[person.registration_id], record.is_practice):
            return Verdict(CheckIn.Verdict.AGAIN, entry.happened_at, entry.door)
        return Verdict(VERDICTS[person.status])

    def find_entry(self, passages: list[Passage], is_practice: bool) -> Passage | None:
        """Return since which entry they are in, as known by now, in practice or in earnest."""
        same = [one for one in passages if one.is_practice == is_practice]
        return find_entry(one for one in same if (one.id, is_practice) not in self.undone)

    def admit(self, record: Record) -> tuple[Person | None, Verdict]:
        """Register a walk-in, or find who has registered before. In practice, nobody is registered."""
        form = read_walk_in(self.event, record)
        if form is None or record.is_practice:
            return None, Verdict(CheckIn.Verdict.WELCOME if form else CheckIn.Verdict.UNKNOWN)
        admission = admit_walk_in(self.event, form)
        if admission is None:
            return None, Verdict(CheckIn.Verdict.UNKNOWN)
        registration = admission.registration
        person = Person(registration.pk, self.event.pk, registration.status)
        if admission.is_known:
            self.passages[registration.pk] += read_history([registration.pk], [])
            return person, self.judge(record, person)
        return person, Verdict(CheckIn.Verdict.WELCOME if admission.had_place else CheckIn.Verdict.OVER_CAPACITY)

    def put_right(self, at: datetime) -> tuple[datetime, int]:
        """Return when it happened by the database's clock, and how many seconds were added to the device's."""
        now = self.event.locked_at
        try:
            happened_at = min(max(at + self.offset, now - LONGEST_AGO), now)
        except OverflowError:
            happened_at = now
        added = round((happened_at - at).total_seconds())
        return happened_at, min(max(added, -LARGEST_OFFSET), LARGEST_OFFSET)

    def remember(self, row: CheckIn) -> None:
        """Let later records know of this one."""
        if row.registration_id:
            self.people.add(row.registration_id)
        if row.kind == Kind.UNDO:
            self.undone.add((row.undoes, row.is_practice))
        door = self.doors.get(row.door_id, "")
        values = row.kind, row.undoes, row.happened_at, row.verdict, row.is_practice, door, False
        self.known[row.id] = passage = Passage(row.id, self.event.pk, row.registration_id, *values)
        self.passages[row.registration_id].append(passage)

    def write(self) -> None:
        CheckIn.objects.bulk_create(self.rows)
        self.give_undos_their_person()
        write_checked_in_at(self.people)

    def give_undos_their_person(self) -> None:
        """Say of an undo that came before what it undoes whom it is about."""
        for row in self.rows:
            if row.registration_id and row.kind != Kind.UNDO and (row.id, row.is_practice) in self.undone:
                undos = CheckIn.objects.filter(kind=Kind.UNDO, undoes=row.id, event=self.event.pk)
                undos.filter(registration=None).update(registration=row.registration_id, ticket_key="")
