"""What a phone at the door keeps of an event: the list of people, sealed, and who came; all of it, or what has changed.

A cursor is the number below which every transaction had ended when it was read. What a transaction with this number or
a later one has written is sent again, so that nothing is missed that was written before and committed after.
"""

import re
from typing import NamedTuple

from django.db import connection

from attendance.sealing import seal_entry
from conference.models import Event

CURSOR = re.compile(r"([0-9]{1,10})\.([0-9]{1,18})")

# A copy of the database has another number, and its own transactions.
READ_CURSOR = """
    SELECT oid::bigint, pg_snapshot_xmin(pg_current_snapshot())::text::bigint, statement_timestamp()
    FROM pg_database WHERE datname = current_database()
"""
# Both at one moment: a phone that has another number of people than the total asks for everything.
LIST_ENTRIES = """
    SELECT counted.total, changed.*
    FROM (SELECT count(*) AS total FROM attendance_rosterentry WHERE event_id = %s) AS counted
    LEFT JOIN (
        SELECT ticket_code, ticket_key, first_name, last_name, organisation, status, reference, language
        FROM attendance_rosterentry AS entry
        JOIN registrations_registration AS registration ON registration.id = entry.registration_id
        WHERE entry.event_id = %s AND entry.changed_in >= %s
    ) AS changed ON true
"""
LIST_CHECK_INS = """
    SELECT check_in.id, coalesce(registration.ticket_key, check_in.ticket_key), check_in.kind, check_in.undoes,
        check_in.happened_at, coalesce(door.name, ''), check_in.is_practice
    FROM attendance_checkin AS check_in
    LEFT JOIN registrations_registration AS registration ON registration.id = check_in.registration_id
    LEFT JOIN attendance_door AS door ON door.id = check_in.door_id
    WHERE check_in.event_id = %s AND check_in.recorded_in >= %s
    ORDER BY check_in.happened_at, check_in.id
"""


class Cursor(NamedTuple):
    database: int
    transaction: int

    def __str__(self):
        return f"{self.database}.{self.transaction}"


class Roster(NamedTuple):
    """`is_full` is whether it is everything, not what has changed."""

    is_full: bool
    total: int
    entries: list[tuple]
    check_ins: list[tuple]


def read_cursor() -> tuple:
    """Return the cursor for what is read after this, and the time by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(READ_CURSOR)
        *numbers, now = cursor.fetchone()
    return Cursor(*numbers), now


def find_start(asked: str, now: Cursor) -> int:
    """Return from which transaction on a phone with the cursor `asked` needs to hear: 0 for everything.

    That is so if it has none yet, or one that this database has not given out.
    """
    if match := CURSOR.fullmatch(asked):
        before = Cursor(*map(int, match.groups()))
        if before.database == now.database and 0 < before.transaction <= now.transaction:
            return before.transaction
    return 0


def read_roster(event: Event, since: int) -> Roster:
    """Return what transactions with the number `since` and later ones have written."""
    with connection.cursor() as cursor:
        cursor.execute(LIST_ENTRIES, [event.pk, event.pk, since])
        rows = cursor.fetchall()
        cursor.execute(LIST_CHECK_INS, [event.pk, since])
        entries = [entry for _total, *entry in rows if entry[0]]
        return Roster(not since, rows[0][0], entries, cursor.fetchall())


def seal_entries(entries: list[tuple]) -> list[dict]:
    """Return the people of a roster as a phone keeps them: without their ticket, nobody can read them."""
    return [
        seal_entry(
            code,
            key,
            {
                "name": f"{first_name} {last_name}".strip(),
                "organisation": organisation,
                "status": status,
                "reference": reference,
                "language": language,
            },
        )
        for code, key, first_name, last_name, organisation, status, reference, language in entries
    ]


def list_names(entries: list[tuple]) -> list[dict]:
    """Return the people of a roster for searching by name."""
    return [
        {"key": key, "name": f"{first_name} {last_name}".strip(), "organisation": organisation, "status": status}
        for _code, key, first_name, last_name, organisation, status, _reference, _language in entries
    ]


def describe_check_ins(check_ins: list[tuple]) -> list[dict]:
    return [
        {
            "id": str(pk),
            "key": key,
            "kind": kind,
            "undoes": undoes and str(undoes),
            "at": happened_at.isoformat(),
            "door": door,
            "practice": is_practice,
        }
        for pk, key, kind, undoes, happened_at, door, is_practice in check_ins
    ]
