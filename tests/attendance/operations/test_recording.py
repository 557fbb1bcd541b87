"""What doors record, and what follows from it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from attendance.models import CheckIn, DoorSettings
from attendance.operations import discard_rehearsal, list_wrong_times, record_check_ins
from attendance.uploads import Record
from conference.database_clock import read_database_clock
from registrations.operations import merge
from registrations.privacy import erase_person, export_personal_data
from tests.attendance.check_ins import make_device
from tests.attendance.doors import Phone, make_door
from tests.factories import make_event, make_registration, make_user

pytestmark = pytest.mark.django_db

FAR_PAST, FAR_FUTURE = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


@pytest.fixture
def event():
    return make_event()


def build(person="", kind: str = "in", **values) -> Record:
    key = person if isinstance(person, str) else type(person).objects.get(pk=person.pk).ticket_key
    stored = {"id": uuid4(), "kind": kind, "at": timezone.now(), "method": "scan", "key": key}
    return Record(**{**stored, **values})


def came_at(person):
    person.refresh_from_db()
    assert list_wrong_times(person.event) == []
    return person.checked_in_at


@pytest.mark.parametrize("status", ["waitlisted", "cancelled", "pending"])
def test_whoever_is_let_in_without_a_place_came_and_is_flagged(event, status):
    person = make_registration(event, status)
    record = build(person, reason="Said so")
    verdict = record_check_ins(event, [record]).verdicts[record.id]
    assert verdict == (status, None, "")
    assert came_at(person) is not None
    assert person.status == status
    assert CheckIn.objects.flagged().get().reason == "Said so"


def test_unknown_tickets_and_those_of_another_event_are_flagged_and_stored(event):
    other = make_registration(make_event())
    records = [build("0" * 32), build(other), build("")]
    verdicts = record_check_ins(event, records).verdicts
    assert [verdicts[one.id].verdict for one in records] == ["unknown", "other_event", "unknown"]
    assert CheckIn.objects.filter(event=event, registration=None).flagged().count() == 3
    assert came_at(other) is None


def test_two_phones_that_admit_the_same_person_count_one_and_flag_the_second(event):
    person = make_registration(event)
    first, second = (Phone(event, door=make_door(event, name)) for name in "AB")
    early = first.record(person, at=(timezone.now() - timedelta(minutes=10)).isoformat())
    late = second.record(person, at=(timezone.now() - timedelta(minutes=5)).isoformat())
    answer = second.sync(late)
    assert answer["verdicts"][late["id"]]["verdict"] == "welcome"
    verdict = first.sync(early)["verdicts"][early["id"]]
    assert (verdict["verdict"], verdict["door"]) == ("again", "B")
    assert came_at(person) == CheckIn.objects.get(pk=early["id"]).happened_at  # the earliest, whoever sent first
    assert CheckIn.objects.flagged().count() == 1
    assert early["id"] in [one["id"] for one in second.sync()["check_ins"]]


def test_an_undo_that_arrives_before_what_it_undoes_still_undoes_it(event):
    person = make_registration(event)
    entry = build(person)
    undo = build("", "undo", undoes=entry.id, reason="Wrong person")
    assert record_check_ins(event, [undo]).stored == [undo.id]
    record_check_ins(event, [entry])
    assert came_at(person) is None
    assert person.check_ins.count() == 2  # the undo is about the person too, and erased with them
    again = build(person)
    assert record_check_ins(event, [again]).verdicts[again.id].verdict == "welcome"
    assert came_at(person) is not None


def test_an_undone_entry_in_the_same_upload_does_not_make_the_next_one_a_second(event):
    person = make_registration(event)
    entry, next_one = build(person), build(person)
    records = [entry, build("", "undo", undoes=entry.id), next_one]
    assert record_check_ins(event, records).verdicts[next_one.id].verdict == "welcome"
    assert came_at(person) == CheckIn.objects.get(pk=next_one.id).happened_at


def test_an_undo_is_for_its_own_event_and_its_own_side_of_practice(event):
    person = make_registration(event)
    entry = build(person)
    record_check_ins(event, [entry])
    record_check_ins(event, [build("", "undo", undoes=entry.id, is_practice=True)])
    record_check_ins(make_event(), [build("", "undo", undoes=entry.id)])
    assert came_at(person) is not None
    assert CheckIn.objects.exclude(event=event).get().registration is None


@pytest.mark.parametrize("wrong_by", [timedelta(0), timedelta(hours=-5), timedelta(days=2_000_000)], ids=str)
def test_what_a_phone_takes_for_practice_after_its_end_is_in_earnest(event, wrong_by):
    before, after = make_registration(event), make_registration(event, email="liepa@example.lv", last_name="Liepa")
    now = read_database_clock()
    DoorSettings.objects.create(event=event, practice_ended_at=now - timedelta(hours=1))
    records = [
        build(person, is_practice=True, at=now + wrong_by - timedelta(minutes=minutes))
        for person, minutes in ((before, 61), (after, 59))
    ]
    record_check_ins(event, records, device_now=now + wrong_by)
    assert (came_at(before), came_at(after) is not None) == (None, True)
    assert discard_rehearsal(event) == 1
    assert CheckIn.objects.get().registration == after


def test_while_practice_goes_on_again_it_is_practice(event):
    person = make_registration(event)
    DoorSettings.objects.create(event=event, is_practice=True, practice_ended_at=read_database_clock())
    record_check_ins(event, [build(person, is_practice=True)])
    assert came_at(person) is None


def test_the_end_of_practice_is_remembered(event):
    DoorSettings.objects.create(event=event, is_practice=True)
    discard_rehearsal(event)
    assert DoorSettings.objects.get().practice_ended_at is not None


def test_practice_counts_nowhere_and_knows_nothing_of_earnest(event):
    person = make_registration(event)
    practice = build(person, is_practice=True)
    assert record_check_ins(event, [practice]).verdicts[practice.id].verdict == "welcome"
    assert came_at(person) is None
    earnest = build(person)
    assert record_check_ins(event, [earnest]).verdicts[earnest.id].verdict == "welcome"
    assert came_at(person) is not None


def test_who_went_out_comes_in_again_without_a_flag_and_came_when_they_first_did(event):
    person, start = make_registration(event), timezone.now() - timedelta(hours=3)
    records = [build(person, kind, at=start + timedelta(hours=hour)) for hour, kind in enumerate(["in", "out", "in"])]
    verdicts = record_check_ins(event, records, device_now=timezone.now()).verdicts
    assert [one.verdict for one in verdicts.values()] == ["welcome", "welcome"]
    assert came_at(person) == CheckIn.objects.get(pk=records[0].id).happened_at


@pytest.mark.parametrize("hours", [-1, 1, 24 * 400])
def test_the_time_of_a_phone_whose_clock_is_wrong_is_put_right(event, hours):
    person = make_registration(event)
    phone = Phone(event, wrong_by=timedelta(hours=hours))
    at = (phone.now() - timedelta(minutes=30)).isoformat()
    before = read_database_clock()
    record = phone.record(person, at=at)
    phone.sync(record)
    stored = CheckIn.objects.get()
    assert abs(stored.happened_at - (before - timedelta(minutes=30))) < timedelta(seconds=30)
    assert abs(stored.clock_offset + hours * 3600) < 30
    assert came_at(person) == stored.happened_at


@pytest.mark.parametrize(
    ("at", "device_now", "ago"),
    [
        (FAR_FUTURE, None, timedelta(0)),
        (FAR_FUTURE, FAR_PAST, timedelta(0)),
        (FAR_FUTURE, FAR_FUTURE, timedelta(0)),
        (FAR_FUTURE - timedelta(hours=1), FAR_FUTURE, timedelta(hours=1)),
        (FAR_PAST, None, timedelta(days=30)),
        (FAR_PAST, FAR_FUTURE, timedelta(days=30)),
        (datetime(1970, 1, 1, tzinfo=UTC), None, timedelta(days=30)),
    ],
    ids=str,
)
def test_absurd_times_are_kept_within_bounds(event, at, device_now, ago):
    person, before = make_registration(event), read_database_clock()
    record_check_ins(event, [build(person, at=at)], device_now=device_now)
    assert abs(CheckIn.objects.get().happened_at - (before - ago)) < timedelta(seconds=30)
    assert came_at(person) is not None


def test_the_same_upload_again_changes_nothing_and_says_the_same(event):
    people = [make_registration(event) for _number in range(2)]
    records = [build(people[0]), build(people[0]), build(people[1], "out"), build("0" * 32)]
    first = record_check_ins(event, records)
    stored = list(CheckIn.objects.order_by("pk").values())
    assert record_check_ins(event, records) == first
    assert list(CheckIn.objects.order_by("pk").values()) == stored
    assert [one.verdict for one in first.verdicts.values()] == ["welcome", "again", "unknown"]


def test_a_record_of_another_event_with_the_same_id_is_refused_and_not_changed(event):
    record = build("0" * 32)
    record_check_ins(event, [record])
    recorded = record_check_ins(make_event(), [record])
    assert (recorded.stored, list(recorded.refused)) == ([], [record.id])
    assert CheckIn.objects.get().event == event


def test_the_same_id_twice_in_one_upload_is_one_record(event):
    person = make_registration(event)
    record = build(person)
    recorded = record_check_ins(event, [record, record])
    assert recorded.stored == [record.id, record.id]
    assert CheckIn.objects.count() == 1


def test_an_entrance_of_another_event_is_the_phones_own(event):
    door, strange = make_door(event), make_door(make_event(), "Elsewhere")
    phone, person = Phone(event, door=door), make_registration(event)
    phone.check_in(person, door=strange.pk)
    phone.check_in(person, door=2**31 - 1)
    assert set(CheckIn.objects.values_list("door", flat=True)) == {door.pk}


def test_an_entrance_that_is_deleted_while_a_phone_sends_is_none(event):
    door, person = make_door(event), make_registration(event)
    device, door_pk = make_device(event, door=door), door.pk
    type(door).objects.all().delete()
    assert device.door_id == door_pk  # as it was read before
    records = [build(person), build(person, door_id=door_pk)]
    assert record_check_ins(event, records, device=device).refused == {}
    connection.check_constraints()
    assert set(CheckIn.objects.values_list("door", "device")) == {(None, device.pk)}


def test_merging_moves_the_check_ins_and_phones_hear_of_it(event):
    keep, drop = (make_registration(event, email="anna@example.lv", last_name=name) for name in ("Ozola", "Ozolia"))
    phone = Phone(event)
    phone.sync()
    early, late = build(drop, at=timezone.now() - timedelta(hours=2)), build(keep)
    record_check_ins(event, [early, late], device_now=timezone.now())
    phone.sync()
    merge(keep, drop, by=make_user())
    assert came_at(keep) == CheckIn.objects.get(pk=early.id).happened_at
    assert came_at(drop) is None
    (moved,) = [one for one in phone.sync()["check_ins"] if one["id"] == str(early.id)]
    assert moved["key"] == keep.ticket_key


def test_erasing_leaves_that_somebody_came_and_nothing_about_them(event):
    person = make_registration(event)
    record = build(person, reason="Anna Bērziņa’s guest")
    record_check_ins(event, [record])
    key = person.ticket_key
    (exported,) = export_personal_data(person)["check_ins"]
    assert (exported["kind"], exported["reason"]) == ("in", "Anna Bērziņa’s guest")
    erase_person(person)
    check_in = CheckIn.objects.get()
    assert (check_in.reason, check_in.ticket_key, check_in.registration) == ("", "", person)
    assert came_at(person) == check_in.happened_at
    assert person.ticket_key != key
    # A phone that has not heard of it still sends something with the earlier ticket.
    record_check_ins(event, [build(record.key, "undo", undoes=record.id)])
    assert came_at(person) is None
    assert not CheckIn.objects.exclude(ticket_key="").exists()


def test_without_the_clock_of_a_device_a_time_is_the_databases(event):
    person, at = make_registration(event), read_database_clock() - timedelta(hours=1)
    record_check_ins(event, [build(person, at=at)])
    assert came_at(person) == at
