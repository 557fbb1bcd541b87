"""People who were let in on a phone without having registered, and were sealed there for the site."""

import base64
import json
import secrets
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from attendance.models import CheckIn
from registrations.models import OutgoingEmail, Registration
from tests.attendance.doors import Phone
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.django_db

PERSON = {
    "first_name": "Ilze",
    "last_name": "Jauna",
    "organisation": "Rīgas bibliotēka",
    "email": "ilze@example.lv",
    "consent": True,
    "language": "lv",
}


@pytest.fixture
def event():
    return make_event(starts_at=timezone.now() - timedelta(hours=1))


@pytest.fixture
def phone(event):
    return Phone(event)


def seal(seal_key: str, record_id: str, values) -> dict:
    """Seal as a phone does."""
    site = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(seal_key))
    own, iv = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(12)
    shared = own.exchange(ec.ECDH(), site)
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"door walk-in 1").derive(shared)
    data = AESGCM(key).encrypt(iv, json.dumps(values).encode(), record_id.encode())
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {name: base64.b64encode(part).decode() for name, part in {"epk": point, "iv": iv, "data": data}.items()}


def build_walk_in(phone, **values) -> dict:
    record = phone.record(method="walk_in")
    seal_key = phone.sync()["event"]["seal_key"]
    return {**record, "walk_in": seal(seal_key, record["id"], {**PERSON, **values})}


def test_a_walk_in_is_registered_with_a_place_and_has_come(phone):
    record = build_walk_in(phone)
    answer = phone.sync(record)
    assert answer["verdicts"][record["id"]]["verdict"] == "welcome"
    person = Registration.objects.get()
    assert (person.full_name, person.organisation, person.email) == ("Ilze Jauna", "Rīgas bibliotēka", PERSON["email"])
    assert (person.status, person.source, person.language) == ("confirmed", "by_hand", "lv")
    assert person.consented_at is not None
    check_in = CheckIn.objects.get()
    assert (check_in.registration, check_in.method, check_in.happened_at) == (person, "walk_in", person.checked_in_at)
    assert [one["key"] for one in answer["list"]["entries"]] == [person.ticket_key]
    assert OutgoingEmail.objects.get().kind == "registered"


def test_repeating_the_upload_registers_nobody_twice(phone):
    record = build_walk_in(phone)
    first, again = phone.sync(record), phone.sync(record)
    assert again["verdicts"] == first["verdicts"]
    assert (Registration.objects.count(), CheckIn.objects.count()) == (1, 1)


def test_whoever_has_registered_before_is_only_checked_in(phone, event):
    known = make_registration(event, first_name="ILZE", last_name="Jauna", email="Ilze@example.lv")
    record, again = build_walk_in(phone), build_walk_in(phone)
    assert phone.sync(record)["verdicts"][record["id"]]["verdict"] == "welcome"
    assert phone.sync(again)["verdicts"][again["id"]]["verdict"] == "again"
    known.refresh_from_db()
    assert known.checked_in_at is not None
    assert Registration.objects.get() == known


def test_who_waits_is_checked_in_and_flagged_and_goes_on_waiting(phone, event):
    known = make_registration(event, "waitlisted", first_name="Ilze", last_name="Jauna", email="ilze@example.lv")
    record = build_walk_in(phone)
    assert phone.sync(record)["verdicts"][record["id"]]["verdict"] == "waitlisted"
    known.refresh_from_db()
    assert (known.status, known.checked_in_at is None) == ("waitlisted", False)


def test_who_is_in_already_gets_a_place_beyond_the_limit_and_is_flagged(phone, event):
    type(event).objects.filter(pk=event.pk).update(capacity=1)
    records = [build_walk_in(phone), build_walk_in(phone, first_name="Otra", email="")]
    answer = phone.sync(*records)
    assert [answer["verdicts"][one["id"]]["verdict"] for one in records] == ["welcome", "over_capacity"]
    assert event.registrations.filter(status="confirmed").exclude(checked_in_at=None).count() == 2


def test_another_persons_address_is_left_out_where_each_has_one(phone, event):
    type(event).objects.filter(pk=event.pk).update(one_per_address=True)
    make_registration(event, first_name="Jānis", last_name="Cits", email="ilze@example.lv")
    record = build_walk_in(phone)
    phone.sync(record)
    person = Registration.objects.get(last_name="Jauna")
    assert (person.email, person.status) == ("", "confirmed")
    assert Registration.objects.get(last_name="Cits").checked_in_at is None


@pytest.mark.parametrize(
    ("values", "email", "language"),
    [({"email": "no address"}, "", "lv"), ({"email": ""}, "", "lv"), ({"last_name": "\ud800"}, PERSON["email"], "lv")],
    ids=str,
)
def test_what_is_wrong_in_the_details_does_not_lose_the_person(phone, values, email, language):
    record = build_walk_in(phone, **values)
    phone.sync(record)
    person = Registration.objects.get()
    assert (person.first_name, person.email, person.language) == ("Ilze", email, language)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sealed: {},
        lambda sealed: {**sealed, "data": sealed["data"][:-4] + "AAAA"},
        lambda sealed: {**sealed, "epk": base64.b64encode(b"\4" + bytes(64)).decode()},
        lambda sealed: {**sealed, "iv": "?"},
        lambda sealed: {**sealed, "iv": base64.b64encode(bytes(3)).decode()},
        lambda sealed: {**sealed, "data": 5},
        lambda sealed: {**sealed, "epk": None},
    ],
)
def test_what_cannot_be_opened_is_still_a_fact(phone, spoil):
    record = build_walk_in(phone)
    answer = phone.sync({**record, "walk_in": spoil(record["walk_in"])})
    assert answer["stored"] == [record["id"]]
    check_in = CheckIn.objects.get()
    assert (check_in.registration, check_in.verdict, check_in.method) == (None, "unknown", "walk_in")
    assert not Registration.objects.exists()


@pytest.mark.parametrize("values", [{"consent": False}, {"consent": "true"}, {"first_name": "", "last_name": " "}, []])
def test_nobody_is_registered_without_consent_or_a_name(phone, values):
    record = phone.record(method="walk_in")
    content = values if values == [] else {**PERSON, **values}
    sealed = seal(phone.sync()["event"]["seal_key"], record["id"], content)
    assert phone.sync({**record, "walk_in": sealed})["stored"] == [record["id"]]
    assert CheckIn.objects.get().verdict == "unknown"
    assert not Registration.objects.exists()


def test_a_walk_in_sealed_for_another_event_or_record_is_not_opened(phone, event):
    strange = Phone(make_event()).sync()["event"]["seal_key"]
    own = phone.sync()["event"]["seal_key"]
    assert strange != own
    for seal_key, record_id in ((strange, None), (own, "another")):
        record = phone.record(method="walk_in")
        phone.sync({**record, "walk_in": seal(seal_key, record_id or record["id"], PERSON)})
    assert not Registration.objects.exists()
    assert CheckIn.objects.filter(verdict="unknown").count() == 2


def test_practice_registers_nobody(phone):
    phone.sync({**build_walk_in(phone), "practice": True})
    assert not Registration.objects.exists()
    assert CheckIn.objects.get().is_practice is True


def test_a_cancelled_event_registers_nobody_and_keeps_the_fact(phone, event):
    type(event).objects.filter(pk=event.pk).update(cancelled_at=timezone.now())
    record = build_walk_in(phone)
    assert phone.sync(record)["stored"] == [record["id"]]
    assert not Registration.objects.exists()
