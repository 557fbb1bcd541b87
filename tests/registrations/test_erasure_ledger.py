"""What was erased is written down beside the database, without saying who it was."""

import os
import stat
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from registrations import erasure_ledger, operations, privacy
from registrations.erasure_ledger import compute_hash, parse, read
from registrations.models import Registration
from tests.factories import make_event, make_question, make_registration, make_user

PERSON = (17, timezone.now())
OTHER = (18, timezone.now())


@pytest.fixture
def ledger(settings, tmp_path):
    settings.ERASURE_LEDGER = tmp_path / "state" / "erasures.ledger"
    return settings.ERASURE_LEDGER


def identify(registration: Registration) -> str:
    return compute_hash("registration", (registration.pk, registration.created_at))


def test_a_line_says_when_but_not_whom(ledger):
    assert erasure_ledger.record("registration", [PERSON, OTHER]) == 2
    assert stat.S_IMODE(ledger.stat().st_mode) == 0o600
    lines = ledger.read_text().splitlines()
    assert [len(line.split()) for line in lines] == [2, 2]
    assert parse(read()) == {compute_hash("registration", PERSON), compute_hash("registration", OTHER)}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_writes_is_the_sites(ledger):
    ledger.parent.mkdir()
    os.chown(ledger.parent, 4711, 4712)
    erasure_ledger.record("registration", [PERSON])
    assert (ledger.stat().st_uid, ledger.stat().st_gid) == (4711, 4712)


def test_what_is_known_is_not_written_again(ledger):
    assert erasure_ledger.record("registration", [PERSON]) == 1
    assert erasure_ledger.record("registration", [PERSON]) == 0
    assert erasure_ledger.record("question", [PERSON]) == 1
    assert len(ledger.read_text().splitlines()) == 2


def test_whoever_gets_the_same_number_later_has_another_hash(settings):
    later = (PERSON[0], PERSON[1] + timedelta(microseconds=1))
    assert compute_hash("registration", PERSON) != compute_hash("registration", later)
    before = compute_hash("registration", PERSON)
    assert before == compute_hash("registration", PERSON, settings.SECRET_KEY)
    assert before == compute_hash("registration", (PERSON[0], timezone.localtime(PERSON[1])))
    assert before != compute_hash("registration", PERSON, "the key of another site")


def test_a_half_written_line_spoils_no_other(ledger):
    erasure_ledger.record("registration", [PERSON])
    with ledger.open("a") as file:
        file.write("2027-01-01T00:00:00+00:00 3f9a")
    erasure_ledger.record("registration", [OTHER])
    assert parse(read()) == {compute_hash("registration", PERSON), compute_hash("registration", OTHER)}


@pytest.mark.django_db(transaction=True)
def test_an_erasure_is_written_down_once_it_is_done(ledger):
    event = make_event()
    one = make_registration(event, email="anna@example.lv")
    before = make_registration(event, "cancelled", email="anna@example.lv")
    other = make_registration(event)
    with transaction.atomic():
        privacy.erase_person(one)
        transaction.set_rollback(True)
    assert not ledger.exists()
    privacy.erase_person(Registration.objects.get(pk=one.pk))
    assert parse(read()) == {identify(one), identify(before)}
    assert identify(other) not in parse(read())


@pytest.mark.django_db(transaction=True)
def test_a_ledger_that_cannot_be_written_stops_no_erasure_and_the_sender_adds_it_later(ledger, capsys):
    registration = make_registration(make_event())
    ledger.mkdir(parents=True)
    privacy.erase_person(registration)
    registration.refresh_from_db()
    assert registration.erased_at
    call_command("send_emails")
    assert "Cannot write the ledger of erasures: [Errno 21] Is a directory" in capsys.readouterr().err
    ledger.rmdir()
    assert privacy.record_erasures() == 1
    assert parse(read()) == {identify(registration)}


@pytest.mark.django_db
def test_the_sender_adds_what_another_machine_erased(ledger):
    registration = make_registration(make_event(), erased_at=timezone.now())
    make_registration(make_event())
    call_command("send_emails")
    assert parse(read()) == {identify(registration)}


@pytest.mark.django_db(transaction=True)
def test_an_erased_question_is_written_down(ledger):
    question = make_question(make_event(), removed_at=timezone.now())
    identity = (question.pk, question.event_id, question.key)
    operations.erase_question(question, make_user())
    assert parse(read()) == {compute_hash("question", identity)}
