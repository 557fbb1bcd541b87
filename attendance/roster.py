"""What a phone at the door keeps of an event: the list of people, sealed, and who came; all of it, or what has changed.

A cursor is the number below which every transaction had ended when it was read. What a transaction with this number or
a later one has written is sent again, so that nothing is missed that was written before and committed after. In a
database that was restored, rows can have numbers that its transactions will reach much later: they are no news.
"""

import re
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from attendance.sealing import seal_entry
from conference.models import Event

CURSOR = re.compile(r"([0-9]{1,10})\.([0-9]{1,18})\.([01])")

LATEST = "greatest(pg_snapshot_xmax(pg_current_snapshot()), pg_current_xact_id_if_assigned())::text::bigint"
# All at one moment. A copy of the database has another number, and its own transactions; a phone that has another
# number of people than the total asks for everything.
READ_ROSTER = f"""
    SELECT database.oid::bigint, pg_snapshot_xmin(pg_current_snapshot())::text::bigint, statement_timestamp(),
        (SELECT pending + confirmed + waitlisted + cancelled FROM registrations_eventcounts WHERE event_id = %(event)s)
            - (SELECT count(*) FROM attendance_rosterentry WHERE event_id = %(event)s AND is_erased),
        news.check_ins, changed.*
    FROM pg_database AS database
    CROSS JOIN (
        SELECT json_agg(json_build_object(
            'id', check_in.id, 'key', coalesce(registration.ticket_key, check_in.ticket_key), 'kind', check_in.kind,
            'undoes', check_in.undoes, 'at', check_in.happened_at, 'door', coalesce(door.name, ''),
            'practice', check_in.is_practice
        ) ORDER BY check_in.happened_at, check_in.id) AS check_ins
        FROM attendance_checkin AS check_in
        LEFT JOIN registrations_registration AS registration ON registration.id = check_in.registration_id
        LEFT JOIN attendance_door AS door ON door.id = check_in.door_id
        WHERE check_in.event_id = %(event)s
            AND (%(since)s = 0 OR check_in.recorded_in BETWEEN %(since)s AND {LATEST})
    ) AS news
    LEFT JOIN (
        SELECT ticket_code, ticket_key, first_name, last_name, organisation, status, reference, language
        FROM attendance_rosterentry AS entry
        JOIN registrations_registration AS registration ON registration.id = entry.registration_id
        WHERE entry.event_id = %(event)s AND NOT entry.is_erased
            AND (%(since)s = 0 OR entry.changed_in BETWEEN %(since)s AND {LATEST})
    ) AS changed ON true
    WHERE database.datname = current_database()
"""  # noqa: S608 (nothing of it was typed)


class Cursor(NamedTuple):
    """`has_names` is whether names for searching were sent too: once they are allowed, a phone needs them all."""

    database: int
    transaction: int
    has_names: int

    def __str__(self):
        return f"{self.database}.{self.transaction}.{self.has_names}"


class Roster(NamedTuple):
    """`is_full` is whether it is everything, not what has changed; `now` is the database's clock."""

    cursor: Cursor
    now: datetime
    is_full: bool
    total: int
    entries: list[tuple]
    check_ins: list[dict]


def read_roster(event: Event, asked: str, *, has_names: bool = False) -> Roster:
    """Return what has changed since the cursor `asked`; everything if this database has not given it out like that."""
    match = CURSOR.fullmatch(asked)
    before = Cursor(*map(int, match.groups())) if match else Cursor(0, 0, 0)
    found = query_roster(event, before.transaction, has_names)
    is_alike = (before.database, before.has_names) == (found.cursor.database, found.cursor.has_names)
    if is_alike and 0 < before.transaction <= found.cursor.transaction:
        return found
    return query_roster(event, 0, has_names) if before.transaction else found


def query_roster(event: Event, since: int, has_names: bool) -> Roster:
    """Return what transactions with the number `since` and later ones have written."""
    with connection.cursor() as cursor:
        cursor.execute(READ_ROSTER, {"event": event.pk, "since": since})
        rows = cursor.fetchall()
    database, transaction, now, total, check_ins = rows[0][:5]
    entries = [row[5:] for row in rows if row[5]]
    return Roster(Cursor(database, transaction, int(has_names)), now, not since, total, entries, check_ins or [])


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
