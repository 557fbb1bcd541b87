"""Reads what a phone sends: what it has recorded, checked for what can be stored at all."""

import json
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from attendance.models import CheckIn
from conference.text.cleanup import clean_line

SCHEMA = 1
MAX_RECORDS = 200
MAX_REASON = CheckIn._meta.get_field("reason").max_length
MAX_ID_LENGTH = 100
TICKET_KEY = re.compile(r"[0-9a-f]{32}|")
LARGEST_INTEGER = 2**31 - 1


class MalformedUpload(ValueError):
    """It is no such JSON as phones send."""


class Record(NamedTuple):
    """What happened at a door, by the clock of the device."""

    id: uuid.UUID
    kind: str
    at: datetime
    method: str
    key: str = ""
    undoes: uuid.UUID | None = None
    door_id: int | None = None
    reason: str = ""
    is_practice: bool = False
    walk_in: Mapping | None = None


class Upload(NamedTuple):
    """`now` is the device's clock; `refused` are the ids of records that cannot be stored, and why."""

    now: datetime
    cursor: str
    unsent: int
    records: list[Record]
    refused: dict[str, str]


def read_upload(body: bytes) -> Upload:
    """Return what a phone has sent. Raises MalformedUpload; a single record that is wrong is only refused."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedUpload from error
    if not isinstance(sent, dict) or sent.get("schema") != SCHEMA:
        raise MalformedUpload
    rows, cursor, unsent = sent.get("records", []), sent.get("cursor", ""), sent.get("unsent", 0)
    if not isinstance(rows, list) or len(rows) > MAX_RECORDS or not isinstance(cursor, str):
        raise MalformedUpload
    if not all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows):
        raise MalformedUpload
    now = read_time(sent.get("now"))
    if now is None or not is_integer(unsent):
        raise MalformedUpload
    records, refused = [], {}
    for row in rows:
        try:
            records.append(read_record(row))
        except MalformedUpload:
            refused[row["id"][:MAX_ID_LENGTH]] = _("This entry is damaged and cannot be saved.")
    return Upload(now, cursor, unsent, records, refused)


def read_record(row: Mapping) -> Record:
    """Return one record. Raises MalformedUpload."""
    kind, method, key = row.get("kind"), row.get("method"), row.get("key", "")
    reason, walk_in, door_id = row.get("reason", ""), row.get("walk_in"), row.get("door")
    at, undoes = read_time(row.get("at")), row.get("undoes")
    is_right = (
        kind in CheckIn.Kind.values
        and method in CheckIn.Method.values
        and isinstance(key, str)
        and TICKET_KEY.fullmatch(key)
        and isinstance(reason, str)
        and isinstance(row.get("practice", False), bool)
        and (door_id is None or is_integer(door_id))
        and (walk_in is None or isinstance(walk_in, dict))
        and at is not None
        and (undoes is not None) == (kind == CheckIn.Kind.UNDO)
    )
    if not is_right:
        raise MalformedUpload
    return Record(
        id=read_uuid(row["id"]),
        kind=kind,
        at=at,
        method=method,
        key=key,
        undoes=undoes and read_uuid(undoes),
        door_id=door_id,
        reason=clean_reason(reason),
        is_practice=row.get("practice", False),
        walk_in=walk_in,
    )


def clean_reason(reason: str) -> str:
    """Return it as one line that PostgreSQL can store: half of a pair of UTF-16, as JSON can have it, is no letter."""
    return clean_line(reason[: 2 * MAX_REASON].encode(errors="replace").decode())[:MAX_REASON]


def is_integer(value) -> bool:
    return type(value) is int and 0 <= value <= LARGEST_INTEGER


def read_uuid(text) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except (AttributeError, TypeError, ValueError) as error:
        raise MalformedUpload from error


def read_time(text) -> datetime | None:
    """Return a moment in ISO 8601 with its offset, in UTC; None if it is something else."""
    try:
        moment = parse_datetime(text)
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (OverflowError, TypeError, ValueError):
        return None
