"""Phones at the door of an event, for tests: paired, with what they send and how they open what they get."""

import base64
import json
import uuid
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.test import Client
from django.utils import timezone

from attendance.models import Door, DoorDevice
from attendance.operations import create_pairing
from registrations.models import Registration


def make_door(event, name: str = "A") -> Door:
    return Door.objects.create(event=event, name=name)


class Phone:
    """A browser that has been paired with the event by its code, with a clock that is wrong by `wrong_by`."""

    def __init__(self, event, *, name: str = "Phone", door: Door | None = None, wrong_by: timedelta = timedelta(0)):
        self.event, self.wrong_by = event, wrong_by
        self.client = Client(headers={"accept-language": "en"})
        code = create_pairing(event, door, None)
        data = {"name": name, "door": door.pk if door else ""}
        response = self.client.post(f"/door/pair/{code}/", data)
        assert (response.status_code, response["Location"]) == (302, f"/door/{event.slug}/")
        self.cursor = ""
        self.entries: dict[str, dict] = {}

    @property
    def device(self) -> DoorDevice:
        return DoorDevice.objects.get(event=self.event, token_hash__isnull=False, pk=DoorDevice.objects.last().pk)

    def now(self) -> datetime:
        return timezone.now() + self.wrong_by

    def record(self, person: Registration | str = "", kind: str = "in", **values) -> dict:
        """Return a record of what happens now."""
        key = person if isinstance(person, str) else person.ticket_key
        return {
            "id": str(uuid.uuid4()),
            "kind": kind,
            "undoes": None,
            "key": key,
            "method": "scan",
            "door": None,
            "at": self.now().isoformat(),
            "reason": "",
            "practice": False,
            "walk_in": None,
            **values,
        }

    def post(self, *records: dict, **values):
        data = {"schema": 1, "now": self.now().isoformat(), "cursor": self.cursor, "unsent": 0, "records": records}
        return self.client.post(f"/door/{self.event.slug}/sync/", {**data, **values}, content_type="application/json")

    def sync(self, *records: dict, **values) -> dict:
        response = self.post(*records, **values)
        assert response.status_code == 200, response.content
        answer = response.json()
        self.cursor = answer["cursor"]
        if answer["list"]["full"]:
            self.entries = {}
        self.entries |= {entry["key"]: entry for entry in answer["list"]["entries"]}
        return answer

    def check_in(self, person: Registration | str, **values) -> dict:
        """Send that somebody comes in, and return the verdict."""
        record = self.record(person, **values)
        return self.sync(record)["verdicts"][record["id"]]


def open_entry(entry: dict, code: str) -> dict:
    """Open an entry of the list as the ticket's own code does, by another implementation than the site's."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"door roster 1").derive(code.encode())
    iv, data = base64.b64decode(entry["iv"]), base64.b64decode(entry["data"])
    return json.loads(AESGCM(key).decrypt(iv, data, entry["key"].encode()))
