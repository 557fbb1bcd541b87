"""The counts that triggers keep agree with the registrations, whichever way these change."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from attendance.operations import check_in
from registrations import operations, privacy
from registrations.availability import count_places, get_full_choices
from registrations.models import ChoiceCount, EventCounts, Registration
from tests.factories import build_registration, make_choice, make_event, make_question, make_registration, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    """An event with limited choices in a question of each type."""
    event = make_event(capacity=5)
    for kind in ("one_of", "several_of"):
        question = make_question(event, kind, kind=kind)
        for key, limit in {"castle": 9, "river": 9, "tower": None}.items():
            make_choice(question, key, limit=limit)
    return event


def read_counts(event) -> dict[str, int]:
    row = EventCounts.objects.get(event=event)
    return {status: number for status in Registration.Status.values if (number := getattr(row, status))}


def read_choices(event) -> dict[str, int]:
    rows = ChoiceCount.objects.filter(choice__question__event=event, number__gt=0).select_related("choice__question")
    return {f"{row.choice.question.key}.{row.choice.key}": row.number for row in rows}


def test_a_new_event_has_counts_of_nobody():
    assert read_counts(make_event()) == {}


def test_an_event_goes_with_its_counts(event):
    event.delete()
    assert not EventCounts.objects.exists()
    assert not ChoiceCount.objects.exists()


@pytest.mark.parametrize("status", Registration.Status)
def test_each_status_is_counted_by_itself(event, status):
    make_registration(make_event(), "confirmed")
    registration = make_registration(event, status)
    assert read_counts(event) == {status: 1}
    registration.delete()
    assert read_counts(event) == {}
    assert operations.find_wrong_counts() == []


def test_a_change_of_many_is_counted_for_each_event_and_status(event):
    other = make_event()
    for _number in range(3):
        make_registration(event, "confirmed")
        make_registration(event, "waitlisted")
        make_registration(other, "waitlisted")
    Registration.objects.filter(status="waitlisted").update(status="confirmed", confirmed_at=timezone.now())
    assert (read_counts(event), read_counts(other)) == ({"confirmed": 6}, {"confirmed": 3})
    Registration.objects.filter(event=event).update(event=other)
    assert (read_counts(event), read_counts(other)) == ({}, {"confirmed": 9})
    Registration.objects.all().delete()
    assert (read_counts(event), read_counts(other)) == ({}, {})


def test_rows_copied_into_the_table_are_counted_and_numbered(event):
    columns = "event_id, reference, first_name, last_name, email, organisation, job_title, country, sector, language, "
    columns += "status, answers, created_at, waiting_since, source, internal_note"
    rows = "".join(
        f'{event.pk},R{number},A,B,a{number}@example.lv,,,,,lv,{status},"{{""one_of"": ""castle""}}",now,now,online,\n'
        for number, status in enumerate(["waitlisted", "confirmed", "waitlisted", "cancelled"])
    )
    with connection.cursor() as cursor:
        copy = (
            f"COPY registrations_registration ({columns}) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL (organisation, "
        )
        cursor.copy_expert(copy + "job_title, country, sector, internal_note))", io.StringIO(rows))
    assert read_counts(event) == {"confirmed": 1, "waitlisted": 2, "cancelled": 1}
    assert read_choices(event) == {"one_of.castle": 3}
    waiting = event.registrations.on_waiting_list()
    assert list(waiting.values_list("reference", "waiting_number")) == [("R0", 1), ("R2", 2)]


def test_choices_with_a_limit_follow_the_answers_and_the_status(event):
    registration = make_registration(event, answers={"one_of": "castle", "several_of": ["river", "tower", "castle"]})
    make_registration(event, "waitlisted", answers={"one_of": ["castle"], "several_of": "tower", "other": "castle"})
    make_registration(event, "cancelled", answers={"one_of": "castle"})
    make_registration(make_event(), answers={"one_of": "castle"})
    assert read_choices(event) == {"one_of.castle": 2, "several_of.river": 1, "several_of.castle": 1}
    event.registrations.filter(pk=registration.pk).update(answers={"one_of": "river"})
    assert read_choices(event) == {"one_of.castle": 1, "one_of.river": 1}
    operations.cancel(registration)
    assert read_choices(event) == {"one_of.castle": 1}
    event.registrations.all().delete()
    assert read_choices(event) == {}


def test_a_choice_is_counted_from_when_it_gets_a_limit_until_it_loses_it(event):
    tower = event.questions.get(key="several_of").choices.get(key="tower")
    make_registration(event, answers={"several_of": ["tower"]})
    assert not ChoiceCount.objects.filter(choice=tower).exists()
    tower.limit = 1
    tower.save()
    assert read_choices(event) == {"several_of.tower": 1}
    assert get_full_choices(event) == [tower]
    tower.limit = 2
    tower.save()
    assert (read_choices(event), get_full_choices(event)) == ({"several_of.tower": 1}, [])
    tower.limit = None
    tower.save()
    assert not ChoiceCount.objects.filter(choice=tower).exists()


def test_erasing_a_person_and_their_answers_is_counted(event):
    registration = make_registration(event, answers={"one_of": "castle"})
    privacy.erase_person(registration)
    assert (read_counts(event), read_choices(event)) == ({"cancelled": 1}, {})


def test_a_change_of_anything_else_does_not_touch_the_counts(event):
    registration = make_registration(event, answers={"one_of": "castle"})
    versions = "SELECT (SELECT array_agg(xmin || ctid::text) FROM {}_eventcounts), "
    versions += "(SELECT array_agg(xmin || ctid::text) FROM {}_choicecount)"

    def read_versions():
        with connection.cursor() as cursor:
            cursor.execute(versions.replace("{}", "registrations"))
            return cursor.fetchone()

    before = read_versions()
    check_in(registration, by=make_user())
    event.registrations.update(first_name="Ieva", answers={"one_of": "castle", "note": "later"})
    assert read_versions() == before


def test_who_comes_onto_the_waiting_list_gets_the_next_number_and_nobody_gets_it_twice():
    event = make_event(capacity=0)
    first, second, third = (operations.register(build_registration(event)).registration for _number in range(3))
    numbers = dict(event.registrations.values_list("pk", "waiting_number"))
    assert numbers == {first.pk: 1, second.pk: 2, third.pk: 3}
    operations.cancel(third)
    operations.cancel(second)
    operations.rejoin(second)
    operations.promote_beyond_capacity(first)
    operations.move_to_waiting_list(first)
    numbers = dict(event.registrations.on_waiting_list().values_list("pk", "waiting_number"))
    assert list(numbers.items()) == [(second.pk, 4), (first.pk, 5)]
    assert [one.waiting_list_position for one in event.registrations.on_waiting_list()] == [1, 2]


def test_who_waits_keeps_the_number_when_somebody_saves_who_has_not_read_it():
    event = make_event(capacity=0)
    first, second = (operations.register(build_registration(event)).registration for _number in range(2))
    first.waiting_number = None
    first.save()
    assert list(event.registrations.on_waiting_list().values_list("pk", "waiting_number")) == [
        (first.pk, 1),
        (second.pk, 2),
    ]


def test_counts_that_differ_are_named_and_corrected(event, caplog):
    make_registration(event, answers={"one_of": "castle"})
    other = make_event()
    castle = event.questions.get(key="one_of").choices.get(key="castle")
    EventCounts.objects.filter(event=event).update(confirmed=4, waitlisted=1)
    ChoiceCount.objects.filter(choice=castle).update(number=9)
    assert count_places(event).free == 1
    said = io.StringIO()
    with pytest.raises(CommandError, match="3 counts differ"):
        call_command("check_counts", stdout=said)
    assert said.getvalue().splitlines() == [
        f"{event.slug}: confirmed is 4 and should be 1",
        f"{event.slug}: waitlisted is 1 and should be 0",
        f"{event.slug}: choice {castle.pk} is 9 and should be 1",
    ]
    assert read_counts(event) == {"confirmed": 4, "waitlisted": 1}
    call_command("check_counts", repair=True, stdout=io.StringIO())
    assert (read_counts(event), read_choices(event)) == ({"confirmed": 1}, {"one_of.castle": 1})
    assert caplog.text.count("A count of registrations was wrong and has been corrected") == 3
    assert EventCounts.objects.get(event=event).corrected_at
    assert EventCounts.objects.get(event=other).corrected_at is None
    call_command("check_counts", stdout=said)
    assert said.getvalue().endswith("All counts are right.\n")


def test_counts_that_are_missing_are_named_and_added(event):
    make_registration(event, "waitlisted", answers={"one_of": "castle"})
    castle = event.questions.get(key="one_of").choices.get(key="castle")
    EventCounts.objects.filter(event=event).delete()
    ChoiceCount.objects.filter(choice=castle).delete()
    assert {(wrong.name, wrong.stored, wrong.actual) for wrong in operations.find_wrong_counts()} == {
        ("pending", None, 0),
        ("confirmed", None, 0),
        ("waitlisted", None, 1),
        ("cancelled", None, 0),
        (f"choice {castle.pk}", None, 1),
    }
    operations.correct_counts()
    assert operations.find_wrong_counts() == []
    assert (read_counts(event), read_choices(event)) == ({"waitlisted": 1}, {"one_of.castle": 1})
    assert EventCounts.objects.get(event=event).last_waiting_number == 1
