"""The list that phones keep: sealed, and never short of a change."""

import threading

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection, transaction
from django.utils import timezone

from attendance import roster
from attendance.models import CheckIn, DoorSettings, RosterEntry
from registrations.models import Registration
from registrations.operations import cancel, correct_details
from registrations.privacy import erase_person
from tests.attendance.check_ins import make_check_in
from tests.attendance.doors import Phone, open_entry
from tests.factories import make_event, make_registration, make_user
from tests.waiting import wait_for


@pytest.fixture
def event(db):
    return make_event()


def read_changes(event, cursor) -> tuple[set, set]:
    """Return the keys of the people and the ids of the check-ins that are sent to a phone with this cursor."""
    found = roster.read_roster(event, str(cursor))
    return {entry[1] for entry in found.entries}, {check_in["id"] for check_in in found.check_ins}


def read_cursor(event) -> roster.Cursor:
    return roster.read_roster(event, "").cursor


def test_the_list_gives_away_nothing_without_a_ticket(event):
    person = make_registration(
        event, email="anna@example.lv", organisation="LNB", answers={"diet": "vegan"}, internal_note="Note"
    )
    person.refresh_from_db()
    answer = Phone(event).sync()
    sent = str(answer)
    for secret in (person.first_name, person.last_name, "LNB", "anna@", "vegan", "Note", person.ticket_code):
        assert secret not in sent
    (entry,) = answer["list"]["entries"]
    assert set(entry) == {"key", "iv", "data"}
    opened = open_entry(entry, person.ticket_code)
    assert set(opened) == {"name", "organisation", "status", "reference", "language"}
    with pytest.raises(InvalidTag):
        open_entry(entry, "0" * 20)


def test_names_come_only_where_organisers_have_allowed_it(event):
    person = make_registration(event, first_name="Anna", last_name="Ozola", organisation="LNB")
    phone = Phone(event)
    assert phone.sync()["names"] is None
    DoorSettings.objects.create(event=event, has_names=True)
    names = phone.sync()["names"]  # all of them, although nothing has changed about anybody
    person.refresh_from_db()
    expected = {"key": person.ticket_key, "name": "Anna Ozola", "organisation": "LNB", "status": "confirmed"}
    assert names == {"full": True, "entries": [expected]}


def test_the_cancelled_stay_on_the_list_and_the_erased_leave_it(event):
    cancelled, erased = make_registration(event), make_registration(event)
    make_registration(make_event())
    phone = Phone(event)
    assert phone.sync()["list"]["total"] == 2
    cancel(cancelled)
    erase_person(erased)
    answer = phone.sync()["list"]
    assert (answer["full"], answer["total"]) == (False, 1)
    assert len(phone.entries) == 2  # so the phone asks for everything
    phone.sync(cursor="")
    cancelled.refresh_from_db()
    assert open_entry(phone.entries[cancelled.ticket_key], cancelled.ticket_code)["status"] == "cancelled"
    assert list(phone.entries) == [cancelled.ticket_key]


def test_what_a_phone_does_not_keep_is_no_change(event):
    person = make_registration(event)
    before = RosterEntry.objects.get().changed_in
    RosterEntry.objects.update(changed_in=1)
    person.refresh_from_db()
    Registration.objects.update(checked_in_at=timezone.now(), internal_note="Note", email="new@example.lv")
    assert RosterEntry.objects.get().changed_in == 1
    correct_details(person, values={"organisation": "LNB"}, by=make_user())
    assert RosterEntry.objects.get().changed_in == before  # the test's own transaction


def test_what_another_server_had_numbered_is_no_news_after_a_restore(event):
    person = make_registration(event)
    person.refresh_from_db()
    check_in = make_check_in(person)
    phone = Phone(event)
    cursor = read_cursor(event)
    assert read_changes(event, cursor) == ({person.ticket_key}, {str(check_in.pk)})  # the test's own transaction
    RosterEntry.objects.update(changed_in=cursor.transaction + 10**9)
    CheckIn.objects.update(recorded_in=cursor.transaction + 10**9)
    assert read_changes(event, cursor) == (set(), set())
    answer = phone.sync(cursor="")
    assert [one["key"] for one in answer["list"]["entries"]] == [person.ticket_key]
    assert [one["id"] for one in answer["check_ins"]] == [str(check_in.pk)]


def wait_for_cursor(event):
    """Return a cursor since which there is nothing new: no transaction of this server, of any database, is older."""
    wait_for(lambda: read_changes(event, read_cursor(event)) == (set(), set()))
    return read_cursor(event)


def in_transaction(action, *, begun: threading.Event, may_end: threading.Event):
    def run():
        with transaction.atomic():
            action()
            begun.set()
            may_end.wait(60)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait(60)
    return thread


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_late_is_not_missed():
    event = make_event()
    late, early = make_registration(event), make_registration(event)
    start = wait_for_cursor(event)
    begun, may_end = threading.Event(), threading.Event()
    stored = []

    def write():
        Registration.objects.filter(pk=late.pk).update(organisation="Late")
        stored.append(str(CheckIn.objects.create(event=event, kind="in", method="scan", happened_at=timezone.now()).pk))

    thread = in_transaction(write, begun=begun, may_end=may_end)
    Registration.objects.filter(pk=early.pk).update(organisation="Early")
    early.refresh_from_db()
    late.refresh_from_db()
    cursor = read_cursor(event)  # as a phone gets it that asks now: it hears of the early one only
    assert read_changes(event, start) == ({early.ticket_key}, set())
    may_end.set()
    thread.join()
    people, check_ins = read_changes(event, cursor)
    assert late.ticket_key in people
    assert check_ins == set(stored)
    # The control: a cursor that is the latest change seen would have missed it.
    newest = RosterEntry.objects.get(pk=early.pk).changed_in
    assert RosterEntry.objects.get(pk=late.pk).changed_in < newest
    assert read_changes(event, wait_for_cursor(event)) == (set(), set())


@pytest.mark.django_db(transaction=True)
def test_phones_that_admit_the_same_people_at_once_count_each_once():
    event = make_event()
    people = [make_registration(event) for _number in range(5)]
    phones = [Phone(event) for _number in range(4)]
    keys = list(Registration.objects.order_by("pk").values_list("ticket_key", flat=True))
    verdicts, barrier = [], threading.Barrier(len(phones))

    def scan(phone):
        barrier.wait()
        for key in keys:
            verdicts.append(phone.check_in(key)["verdict"])
        connection.close()

    threads = [threading.Thread(target=scan, args=[phone]) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(verdicts) == ["again"] * 15 + ["welcome"] * 5
    assert CheckIn.objects.count() == 20
    assert event.registrations.filter(checked_in_at__isnull=False).count() == len(people)
