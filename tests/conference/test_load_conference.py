import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command

from conference.models import AccessibilityStatement, Event, Partner, Topic, Venue
from tests.factories import make_registration

pytestmark = pytest.mark.django_db
RIGA = ZoneInfo("Europe/Riga")


def load(**options) -> str:
    output = io.StringIO()
    call_command("load_conference", stdout=output, **options)
    return output.getvalue()


@pytest.mark.parametrize(("today", "year"), [("2026-09-18", 2026), ("2026-09-19", 2027), ("2026-11-23", 2027)])
def test_the_example_is_held_on_the_next_19_september(today, year):
    with time_machine.travel(f"{today}T12:00:00+03:00", tick=False):
        load()
    event = Event.objects.get()
    assert event.starts_at == datetime(year, 9, 19, 10, tzinfo=RIGA)
    assert event.ends_at == datetime(year, 9, 19, 17, tzinfo=RIGA)
    assert event.registration_closes_at == datetime(year, 9, 17, 23, 59, tzinfo=RIGA)


def test_it_holds_the_facts_of_the_announcement():
    load()
    event = Event.objects.get()
    assert event.title.localize("lv") == "Bibliotēkas – pārliecinošas mūžizglītības projektu rezultātu popularizētājas"
    assert event.title.localize("en") == (
        "Libraries as Powerful Partners in Promoting Results of Lifelong Learning Projects"
    )
    assert event.working_language.localize("lv") == "angļu"
    assert [topic.title.localize("en") for topic in event.topics.all()] == [
        "The role of libraries in lifelong learning",
        "Cooperation with libraries: motivation and benefits",
        "The cooperation model developed in the Di-XL project: how to involve libraries in disseminating results",
        "Cooperation in disseminating results: practical examples from five European countries",
    ]
    assert event.capacity == 200
    assert event.waiting_list_enabled


def test_it_says_what_it_assumed():
    assert "Not in the announcement, so assumed: 10:00 to 17:00, 200 places" in load()


def test_loading_twice_doubles_nothing():
    load()
    load()
    assert [model.objects.count() for model in (Event, Venue, Topic, Partner)] == [1, 1, 4, 4]


def test_what_an_organiser_changed_stays():
    load()
    Event.objects.update(capacity=50)
    Topic.objects.first().delete()
    load()
    assert Event.objects.get().capacity == 50
    assert Topic.objects.count() == 3


def test_replace_sets_it_back_and_keeps_the_people():
    load()
    Event.objects.update(capacity=50)
    Topic.objects.create(event=Event.objects.get(), title="Added", position=9)
    registration = make_registration(Event.objects.get())
    registration.topics.add(Topic.objects.first())
    load(replace=True)
    assert Event.objects.get().capacity == 200
    assert Topic.objects.count() == 4
    assert registration.topics.get() == Topic.objects.first()


def test_a_date_moves_the_event_that_is_there_and_nothing_else():
    load()
    Event.objects.update(capacity=50)
    load(date="2014-09-19")
    event = Event.objects.get()
    assert event.starts_at == datetime(2014, 9, 19, 10, tzinfo=RIGA)
    assert event.capacity == 50
    assert event.has_registration_closed


@pytest.mark.parametrize("nonsense", ["tomorrow", "2014-13-01", "19.09.2014", "2014-09-19x", ""])
def test_a_nonsense_date_is_answered_with_one_line(nonsense):
    with pytest.raises(CommandError) as refusal:
        load(date=nonsense)
    assert str(refusal.value) == f"--date is written YYYY-MM-DD, such as 2014-09-19, not “{nonsense}”."
    assert not Event.objects.exists()


def test_the_accessibility_statement_is_a_sample_of_the_day():
    with time_machine.travel("2026-11-23T12:00:00+02:00", tick=False):
        assert "It is a sample: review it in the admin" in load()
    statement = AccessibilityStatement.objects.get()
    assert statement.prepared_on == statement.reviewed_on == date(2026, 11, 23)
    assert (statement.status, statement.method) == ("partial", "self")
    assert statement.owner.localize("lv") == "Latvijas Nacionālā bibliotēka"
    for language, sample in (("lv", "Šis ir paraugs"), ("en", "This is a sample")):
        assert sample in statement.not_accessible.localize(language)
        assert "Baznīcas iela 25, Rīga" in statement.enforcement.localize(language)
        assert "pasts@tiesibsargs.lv" in statement.enforcement.localize(language)


def test_an_organisers_statement_stays_unless_it_is_to_be_replaced():
    load()
    AccessibilityStatement.objects.update(status="full", feedback_phone="67 806 100")
    assert "accessibility statement" not in load()
    assert AccessibilityStatement.objects.get().status == "full"
    load(replace=True)
    assert AccessibilityStatement.objects.get().status == "partial"
    assert AccessibilityStatement.objects.get().feedback_phone == "67 806 100"


def test_a_site_that_has_its_event_gets_the_statement_that_it_lacks():
    load()
    AccessibilityStatement.objects.all().delete()
    load()
    assert AccessibilityStatement.objects.count() == 1
