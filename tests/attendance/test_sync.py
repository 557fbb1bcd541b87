"""What a phone sends and hears."""

import gzip
import json
from datetime import timedelta

import pytest

from attendance.models import CheckIn
from attendance.operations import create_pairing
from tests.attendance.doors import Phone, make_door, open_entry
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.django_db


def test_a_paired_phone_checks_somebody_in():
    event = make_event()
    door = make_door(event, "B")
    person = make_registration(event, first_name="Anna", last_name="Ozola", organisation="LNB")
    phone = Phone(event, door=door)
    answer = phone.sync()
    assert answer["list"]["full"] is True
    assert answer["list"]["total"] == 1
    (entry,) = answer["list"]["entries"]
    person.refresh_from_db()
    assert open_entry(entry, person.ticket_code) == {
        "name": "Anna Ozola",
        "organisation": "LNB",
        "status": "confirmed",
        "reference": person.reference,
        "language": "en",
    }
    assert (answer["names"], answer["device"]) == (None, {"name": "Phone", "door": door.pk})
    record = phone.record(person)
    answer = phone.sync(record)
    assert answer["stored"] == [record["id"]]
    assert answer["verdicts"] == {record["id"]: {"verdict": "welcome", "since": None, "door": ""}}
    (check_in,) = answer["check_ins"]
    assert (check_in["id"], check_in["key"], check_in["door"]) == (record["id"], person.ticket_key, "B")
    stored = CheckIn.objects.get()
    assert (stored.registration, stored.door, stored.device) == (person, door, phone.device)
    person.refresh_from_db()
    assert person.checked_in_at == stored.happened_at
    assert abs(stored.received_at - stored.happened_at) < timedelta(minutes=1)
    again = phone.sync(record)
    assert (again["stored"], again["verdicts"]) == (answer["stored"], answer["verdicts"])
    assert CheckIn.objects.count() == 1
    verdict = Phone(event).check_in(person)
    assert verdict == {"verdict": "again", "since": person.checked_in_at.isoformat(), "door": "B"}


def test_the_pairing_page_asks_for_a_name(client):
    event = make_event()
    make_door(event, "B")
    page = client.get(f"/door/pair/{create_pairing(event, None, None)}/")
    assert page.status_code == 200
    assert "Name of this phone" in page.content.decode()


def test_a_long_list_comes_compressed():
    event = make_event()
    make_registration(event)
    phone = Phone(event)
    answer = phone.client.post(
        f"/door/{event.slug}/sync/",
        {"schema": 1, "now": phone.now(), "cursor": "", "unsent": 0, "records": []},
        content_type="application/json",
        headers={"Accept-Encoding": "gzip"},
    )
    assert answer["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.content))["list"]["total"] == 1
