"""What has happened to people at the doors, and what follows from it: who is in, and when they came."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from attendance.models import CheckIn
from registrations.models import Registration

Kind = CheckIn.Kind

# Each of the three has an index. Everybody at the doors waits for it: building the query takes longer than running it.
READ_HISTORY = """
    SELECT check_in.id, event_id, registration_id, kind, undoes, happened_at, verdict, is_practice,
        coalesce((SELECT name FROM attendance_door WHERE id = check_in.door_id), ''),
        EXISTS (
            SELECT FROM attendance_checkin AS undo
            WHERE undo.kind = 'undo' AND undo.undoes = check_in.id
                AND undo.event_id = check_in.event_id AND undo.is_practice = check_in.is_practice
        )
    FROM attendance_checkin AS check_in
    WHERE registration_id = ANY(%s::bigint[]) OR id = ANY(%s::uuid[]) OR kind = 'undo' AND undoes = ANY(%s::uuid[])
"""
READ_PEOPLE = """
    SELECT ticket_key, id, event_id, status FROM registrations_registration WHERE ticket_key = ANY(%s)
"""
# Whoever came counts from the earliest entry that was not undone; see CheckInQuerySet.valid.
WRITE_CHECKED_IN_AT = """
    UPDATE registrations_registration AS registration SET checked_in_at = came.at
    FROM (
        SELECT person.id, (
            SELECT min(happened_at) FROM attendance_checkin AS entry
            WHERE entry.registration_id = person.id AND entry.kind = 'in' AND NOT entry.is_practice AND NOT EXISTS (
                SELECT FROM attendance_checkin AS undo
                WHERE undo.kind = 'undo' AND undo.undoes = entry.id
                    AND undo.event_id = entry.event_id AND NOT undo.is_practice
            )
        ) AS at
        FROM unnest(%s::bigint[]) AS person (id)
    ) AS came
    WHERE registration.id = came.id AND registration.checked_in_at IS DISTINCT FROM came.at
"""


class Person(NamedTuple):
    """What of a registration matters at a door."""

    registration_id: int
    event_id: int
    status: str


class Passage(NamedTuple):
    """A check-in that is stored, as far as it matters to others."""

    id: UUID
    event_id: int
    registration_id: int | None
    kind: str
    undoes: UUID | None
    happened_at: datetime
    verdict: str
    is_practice: bool
    door: str
    is_undone: bool


def read_people(keys: Collection[str]) -> dict[str, Person]:
    """Return who has these tickets, of whatever event. One query."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(READ_PEOPLE, [list(keys)])
        return {key: Person(*values) for key, *values in cursor.fetchall()}


def read_history(registrations: Collection[int], check_ins: Collection[UUID]) -> list[Passage]:
    """Return all check-ins of these registrations, these check-ins themselves, and what undoes them. One query."""
    with connection.cursor() as cursor:
        ids = [str(pk) for pk in check_ins]
        cursor.execute(READ_HISTORY, [list(registrations), ids, ids])
        return [Passage(*row) for row in cursor.fetchall()]


def find_entry(passages: Iterable[Passage]) -> Passage | None:
    """Return since which entry the person of these passages is in: the first one after they last went out."""
    entry = None
    for passage in sorted(passages, key=lambda one: one.happened_at):
        if passage.is_undone or passage.kind == Kind.UNDO:
            continue
        entry = None if passage.kind == Kind.OUT else entry or passage
    return entry


def write_checked_in_at(registrations: Collection[int]) -> None:
    """Derive from the check-ins when these people came; nothing else may write it. Requires the event's lock."""
    if registrations:
        with connection.cursor() as cursor:
            cursor.execute(WRITE_CHECKED_IN_AT, [list(registrations)])


def list_wrong_times(event) -> list[int]:
    """Return the registrations whose time of coming is not what follows from the check-ins; there should be none."""
    came = CheckIn.objects.filter(event=event, kind=Kind.IN).counted().valid().order_by("-happened_at")
    derived = dict(came.exclude(registration=None).values_list("registration", "happened_at"))
    stored = Registration.objects.filter(event=event).values_list("pk", "checked_in_at")
    return [pk for pk, checked_in_at in stored if derived.get(pk) != checked_in_at]
