"""Recording what happened at the doors. A door states facts: nothing is refused because of who the person is."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.models import User
from django.db import connection
from django.utils.translation import gettext as _

from attendance.models import CheckIn, DoorDevice
from attendance.operations.check_in_history import IS_UNDONE, select_entry
from attendance.operations.walk_ins import admit_walk_in, read_walk_in
from attendance.uploads import Record
from conference.models import Event
from registrations.operations import busy_on_lock_timeout, lock_event

# A device whose clock is very wrong says nothing about when it was: what it sends counts as of then, or of now.
LONGEST_AGO = "30 days"

LOCK_EVENT = "SELECT FROM conference_event WHERE id = %s FOR NO KEY UPDATE;"
# One for each record, so that each sees those before it. The verdict is what the person was when this arrived. Who is
# undone is known by what is undone, a walk-in by the registration, and everybody else by the ticket.
RECORD = f"""
    INSERT INTO attendance_checkin (id, event_id, registration_id, ticket_key, kind, undoes, door_id, device_id,
        user_id, method, happened_at, clock_offset, received_at, verdict, reason, is_practice)
    SELECT %(id)s::uuid, %(event)s, person.id, CASE WHEN person.id IS NULL THEN %(key)s ELSE '' END, %(kind)s,
        %(undoes)s::uuid,
        (SELECT id FROM attendance_door WHERE event_id = %(event)s AND id IN (%(door)s, %(own_door)s)
         ORDER BY id = %(own_door)s LIMIT 1),
        %(device)s, %(user)s, %(method)s, clock.happened_at,
        least(greatest(extract(epoch FROM clock.happened_at - %(at)s::timestamptz), -2147483647), 2147483647)::integer,
        clock.now,
        CASE WHEN %(kind)s <> 'in' THEN ''
            WHEN %(verdict)s <> '' THEN %(verdict)s
            WHEN person.id IS NULL AND EXISTS (SELECT FROM registrations_registration WHERE ticket_key = %(key)s)
                THEN 'other_event'
            WHEN person.id IS NULL THEN 'unknown'
            WHEN EXISTS ({select_entry("person.id", is_practice="%(is_practice)s")}) THEN 'again'
            WHEN person.status = 'confirmed' THEN 'welcome'
            ELSE person.status
        END,
        %(reason)s, %(is_practice)s
    FROM (
        SELECT now, now - least(
            greatest(coalesce(%(device_now)s::timestamptz, now) - %(at)s::timestamptz, '0'), interval '{LONGEST_AGO}'
        )
        FROM (SELECT statement_timestamp()) AS clock (now)
    ) AS clock (now, happened_at)
    LEFT JOIN registrations_registration AS person ON person.event_id = %(event)s AND person.id = coalesce(
        (SELECT registration_id FROM attendance_checkin WHERE id = %(undoes)s::uuid AND event_id = %(event)s),
        %(registration)s::bigint,
        (SELECT id FROM registrations_registration WHERE ticket_key = %(key)s)
    )
    ON CONFLICT (id) DO NOTHING;
"""  # noqa: S608 (the names are ours)
# An undo that came before what it undoes is about the same person. Whoever came counts from the earliest entry that was
# not undone. Then, what is stored now, and since when somebody is in who came again.
CONCLUDE = f"""
    UPDATE attendance_checkin AS undo SET registration_id = entry.registration_id, ticket_key = ''
    FROM attendance_checkin AS entry
    WHERE entry.id = ANY(%(ids)s::uuid[]) AND undo.kind = 'undo' AND undo.undoes = entry.id
        AND undo.event_id = entry.event_id AND undo.registration_id IS NULL AND entry.registration_id IS NOT NULL;

    UPDATE registrations_registration AS registration SET checked_in_at = came.at
    FROM (
        SELECT person.id, (
            SELECT min(entry.happened_at) FROM attendance_checkin AS entry
            WHERE entry.registration_id = person.id AND entry.kind = 'in' AND NOT entry.is_practice
                AND NOT {IS_UNDONE.format(one="entry")}
        ) AS at
        FROM (SELECT DISTINCT registration_id FROM attendance_checkin
              WHERE id = ANY(%(ids)s::uuid[]) AND event_id = %(event)s) AS person (id)
    ) AS came
    WHERE registration.id = came.id AND registration.checked_in_at IS DISTINCT FROM came.at;

    SELECT stored.id, stored.event_id, stored.kind, stored.verdict, entry.happened_at, coalesce(entry.name, '')
    FROM attendance_checkin AS stored
    LEFT JOIN LATERAL (
        {select_entry("stored.registration_id", is_practice="stored.is_practice", besides="stored.id")}
    ) AS entry ON stored.verdict = 'again'
    WHERE stored.id = ANY(%(ids)s::uuid[])
"""  # noqa: S608 (the names are ours)


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
