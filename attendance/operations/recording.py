"""Recording what happened at the doors. A door states facts: nothing is refused because of who the person is."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.models import User
from django.db import connection
from django.utils.translation import gettext as _

from attendance.models import CheckIn, DoorDevice
from attendance.operations.rehearsal import correct_practice
from attendance.operations.walk_ins import admit_walk_in, read_walk_in
from attendance.uploads import Record
from conference.models import Event
from registrations.operations import busy_on_lock_timeout, lock_event

LOCK_EVENT = "SELECT FROM conference_event WHERE id = %s FOR NO KEY UPDATE;"
# One for each record, so that each sees those before it. The functions are in migration 0004.
RECORD = """
    SELECT attendance_record(
        %(id)s::uuid, %(event)s::bigint, %(registration)s::bigint, %(key)s::text, %(kind)s::text,
        %(undoes)s::uuid, %(door)s::bigint, %(own_door)s::bigint, %(device)s::bigint, %(user)s::integer,
        %(method)s::text, %(at)s::timestamptz, %(device_now)s::timestamptz, %(verdict)s::text,
        %(reason)s::text, %(is_practice)s::boolean, statement_timestamp()
    );
"""
CONCLUDE = "SELECT * FROM attendance_conclude(%(event)s, %(ids)s::uuid[])"


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
    sends this, None for the database's own. A time in the future counts as now, one of long ago as thirty days ago.
    """
    if not records:
        return Recorded([], {}, {})
    if any(record.is_practice for record in records):
        records = correct_practice(event, records, device_now)
    own = {
        "event": event.pk,
        "device": device and device.pk,
        "own_door": device and device.door_id,
        "user": user and user.pk,
        "device_now": device_now,
    }
    with busy_on_lock_timeout():
        if all(record.walk_in is None for record in records):
            rows = write([own | describe(record) for record in records])
        else:
            with lock_event(event) as locked:
                rows = write([own | describe(record) | admit(locked, record) for record in records])
    return conclude(event, records, rows)


def describe(record: Record) -> dict:
    """Return what is stored of a record."""
    return {
        "id": str(record.id),
        "key": record.key,
        "kind": record.kind,
        "undoes": record.undoes and str(record.undoes),
        "door": record.door_id,
        "method": record.method,
        "at": record.at,
        "reason": record.reason,
        "is_practice": record.is_practice,
        "registration": None,
        "verdict": "",
    }


def admit(event: Event, record: Record) -> dict:
    """Register a walk-in, or find who has registered before. In practice, nobody is registered. Requires the lock."""
    if record.walk_in is None or CheckIn.objects.filter(pk=record.id).exists():
        return {}
    form = read_walk_in(event, record)
    if form is None:
        return {"verdict": CheckIn.Verdict.UNKNOWN}
    if record.is_practice:
        return {"verdict": CheckIn.Verdict.WELCOME}
    admission = admit_walk_in(event, form)
    return {"registration": admission.registration and admission.registration.pk, "verdict": admission.verdict}


def write(rows: list[dict]) -> list[tuple]:
    """Store these rows and what follows from them; return what is stored of them now.

    All is sent at once: while other phones wait for the lock, this one waits for no answer but the last.
    """
    with connection.cursor() as cursor:
        statements = [cursor.mogrify(LOCK_EVENT, [rows[0]["event"]]), *(cursor.mogrify(RECORD, row) for row in rows)]
        values = {"ids": [row["id"] for row in rows], "event": rows[0]["event"]}
        cursor.execute(b"".join([*statements, cursor.mogrify(CONCLUDE, values)]).decode())
        return cursor.fetchall()


def conclude(event: Event, records: Sequence[Record], rows: list[tuple]) -> Recorded:
    recorded = Recorded([], {}, {})
    found = {pk: row for pk, *row in rows}
    for record in records:
        event_pk, kind, verdict, *since = found[record.id]
        if event_pk != event.pk:
            recorded.refused[record.id] = _("This entry belongs to another event.")
            continue
        recorded.stored.append(record.id)
        if kind == CheckIn.Kind.IN:
            recorded.verdicts[record.id] = Verdict(verdict, *since)
    return recorded
