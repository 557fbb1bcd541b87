"""What follows from what happened at the doors: who is in since when, and when they came."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from attendance.models import CheckIn
from registrations.models import Registration

# As CheckInQuerySet.valid has it.
IS_UNDONE = """EXISTS (
    SELECT FROM attendance_checkin AS undo WHERE undo.kind = 'undo' AND undo.undoes = {one}.id
        AND undo.event_id = {one}.event_id AND undo.is_practice = {one}.is_practice
)"""
# Each is in since the first check-in after they last went out. Written out, because Django's queries have no LATERAL.
FIND_ENTRIES = f"""
    SELECT person.id, entry.* FROM unnest(%(people)s::bigint[]) AS person (id)
    CROSS JOIN LATERAL (
        SELECT entry.id, entry.happened_at, door.name
        FROM attendance_checkin AS entry LEFT JOIN attendance_door AS door ON door.id = entry.door_id
        WHERE entry.registration_id = person.id AND entry.kind = 'in' AND entry.is_practice = %(is_practice)s
            AND NOT {IS_UNDONE.format(one="entry")}
            AND entry.happened_at > coalesce((
                SELECT max(exit.happened_at) FROM attendance_checkin AS exit
                WHERE exit.registration_id = person.id AND exit.kind = 'out' AND exit.is_practice = %(is_practice)s
                    AND NOT {IS_UNDONE.format(one="exit")}
            ), '-infinity')
        ORDER BY entry.happened_at, entry.id LIMIT 1
    ) AS entry
"""  # noqa: S608 (the names are ours)


class Entry(NamedTuple):
    """The check-in since which somebody is in."""

    id: UUID
    happened_at: datetime
    door: str | None


def find_entries(people: Collection[int], *, is_practice: bool) -> dict[int, Entry]:
    """Return since which check-in these registrations are in; those that are not are left out. One query."""
    with connection.cursor() as cursor:
        cursor.execute(FIND_ENTRIES, {"people": list(people), "is_practice": is_practice})
        return {pk: Entry(*values) for pk, *values in cursor.fetchall()}


def list_wrong_times(event) -> list[int]:
    """Return the registrations whose time of coming is not what follows from the check-ins; there should be none."""
    came = CheckIn.objects.filter(event=event, kind=CheckIn.Kind.IN).counted().valid().order_by("-happened_at")
    derived = dict(came.exclude(registration=None).values_list("registration", "happened_at"))
    stored = Registration.objects.filter(event=event).values_list("pk", "checked_in_at")
    return [pk for pk, checked_in_at in stored if derived.get(pk) != checked_in_at]
