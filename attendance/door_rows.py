"""Reads what every request to a door needs, in one statement that is written out: phones wait for each other."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from attendance.models import Door, DoorDevice, DoorSettings
from attendance.models.door_device import hash_token
from conference.models import Event


def list_columns(model, *names: str) -> list[str]:
    """Return these columns in the model's order, as `from_db` needs them."""
    return [field.attname for field in model._meta.concrete_fields if field.attname in names]


# The rest is read when it is used.
EVENT = list_columns(
    Event, *("id", "slug", "title", "time_zone", "starts_at", "ends_at", "is_published", "cancelled_at")
)
DEVICE = list_columns(
    DoorDevice, *("id", "event_id", "door_id", "name", "expires_at", "last_seen_at", "unsent", "revoked_at")
)
SETTINGS = list_columns(DoorSettings, "has_names", "exceeds_capacity", "checks_out", "is_practice")
READ_DOOR = f"""
    SELECT {", ".join(f"event.{name}" for name in EVENT)}, {", ".join(f"device.{name}" for name in DEVICE)},
        {", ".join(f"coalesce(settings.{name}, false)" for name in SETTINGS)}, statement_timestamp(),
        (SELECT json_agg(json_build_array(door.id, door.name) ORDER BY name, id)
         FROM attendance_door AS door WHERE door.event_id = event.id)
    FROM conference_event AS event
    LEFT JOIN attendance_doorsettings AS settings ON settings.event_id = event.id
    LEFT JOIN attendance_doordevice AS device ON device.event_id = event.id AND device.token_hash = %(token)s
    WHERE event.id = coalesce(
        (SELECT event_id FROM attendance_doordevice WHERE token_hash = %(token)s), %(event)s::bigint
    )
"""  # noqa: S608 (the names are ours)


class DoorRows(NamedTuple):
    """An event with its `door_settings` and entrances, the phone if it is one, and the time by the database's clock."""

    event: Event
    doors: list[Door]
    device: DoorDevice | None
    now: datetime


def read_door(*, token: str = "", event_pk: int | None = None) -> DoorRows | None:
    """Return the door of the phone with this token, whether it works or not, or that of an event; None if none."""
    with connection.cursor() as cursor:
        cursor.execute(READ_DOOR, {"token": hash_token(token) if token else "", "event": event_pk})
        row = cursor.fetchone()
    if row is None:
        return None
    values, (now, doors) = list(row[:-2]), row[-2:]
    event_values, device_values = values[: len(EVENT)], values[len(EVENT) : len(EVENT) + len(DEVICE)]
    title = EVENT.index("title")
    event_values[title] = Event._meta.get_field("title").from_db_value(event_values[title], None, connection)
    event = Event.from_db(connection.alias, EVENT, event_values)
    # So that `event.door_settings` needs no query.
    DoorSettings(event=event, **dict(zip(SETTINGS, values[len(EVENT) + len(DEVICE) :], strict=True)))
    doors = [Door(pk=pk, event=event, name=name) for pk, name in doors or ()]
    device = DoorDevice.from_db(connection.alias, DEVICE, device_values) if device_values[0] else None
    if device:
        device.event = event
        device.door = next((door for door in doors if door.pk == device.door_id), None)
    return DoorRows(event, doors, device, now)
