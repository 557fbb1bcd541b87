"""Copying an event."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from attendance.models import BadgeRole, Door
from conference.models import Event, Partner, Topic
from registrations.models import Choice, EmailParagraph, Question, Registration
from registrations.operations import copy_event
from registrations.operations.event_copy import COPIED_RELATIONS, EXCLUDED_FIELDS, SHIFTED_FIELDS
from tests.factories import make_choice, make_event, make_picture, make_question, make_registration, make_topic

pytestmark = pytest.mark.django_db

# In winter, at ten in Riga; and in summer, at ten too.
WINTER, SUMMER = datetime(2027, 3, 20, 8, tzinfo=UTC), datetime(2028, 6, 10, 7, tzinfo=UTC)
# What hangs on an event and is not its set-up: people, and lists of theirs under way.
ROWS_NOT_COPIED = {
    "registrations.AdminPreferences",
    "registrations.BulkJob",
    "conference.EarlierAddress",
    "registrations.Registration",
    "registrations.ImportDraft",
    "registrations.Burst",
    "attendance.CheckIn",
    "attendance.DoorDevice",
    "attendance.DoorPairing",
    "attendance.RosterEntry",
}


def filled(field):
    """A value that is not the field's default."""
    match field.get_internal_type():
        case "BooleanField":
            return not field.get_default()
        case "PositiveSmallIntegerField" | "PositiveIntegerField":
            return 7
        case "URLField":
            return "https://example.lv/"
        case "ForeignKey":
            return make_picture()
        case "ArrayField":
            return ["https://example.lv"]
        case "TextField":
            return {"lv": f"{field.name} latviski", "en": f"{field.name} in English"}
    if field.choices:
        return field.choices[-1][0]
    return {"contact_email": "a@lnb.lv", "time_zone": "Europe/Tallinn", "key": "kkey", "colour": "#123456"}.get(
        field.name, "img/eu-emblem.svg"
    )


def fields_of(model, *without):
    left_out = {"id", "removed_at", *without}
    return [field for field in model._meta.concrete_fields if field.name not in left_out]


def values(row, *without) -> dict:
    return {
        field.name: str(value.data) if hasattr(value := getattr(row, field.attname), "data") else value
        for field in fields_of(type(row), *without)
    }


def copied(event, **kwargs) -> Event:
    return Event.objects.get(pk=copy_event(event, **{"starts_at": SUMMER, "slug": "next", **kwargs}).pk)


def test_every_field_of_the_event_is_copied_or_listed_as_excluded():
    event = make_event(starts_at=WINTER)
    own = fields_of(Event, "venue", *SHIFTED_FIELDS, *EXCLUDED_FIELDS)
    Event.objects.filter(pk=event.pk).update(**{field.name: filled(field) for field in own})
    event = Event.objects.get(pk=event.pk)
    copy = copied(event)
    different = ["title", *SHIFTED_FIELDS, *EXCLUDED_FIELDS]
    assert values(copy, *different) == values(event, *different)
    assert len(own) > 10
    assert (copy.slug, copy.is_published) == ("next", False)
    assert copy.calendar_uid != event.calendar_uid


def test_every_relation_of_the_event_is_copied_or_listed_as_excluded():
    related = {
        relation.get_accessor_name() or relation.related_model._meta.label
        for relation in Event._meta.related_objects
        if not relation.many_to_many
    }
    hidden = {
        relation.related_model._meta.label
        for relation in Event._meta.get_fields(include_hidden=True)
        if relation.auto_created and relation.one_to_many
    }
    relations = {*COPIED_RELATIONS, "questions"}
    shown = {getattr(Event, name).rel.related_model._meta.label for name in relations}
    assert relations <= related
    assert hidden - shown == ROWS_NOT_COPIED | {"conference.LimitedAccess_events"}


@pytest.mark.parametrize("model", [Topic, Partner, EmailParagraph, Question, Door, BadgeRole])
def test_every_field_of_related_rows_is_copied(model):
    event = make_event()
    left_out = ("event", "shown_if", "shown_if_answer")
    model.objects.create(event=event, **{field.name: filled(field) for field in fields_of(model, *left_out)})
    copy = copied(event)
    (original,), (row,) = (model.objects.filter(event=one) for one in (event, copy))
    assert row.pk != original.pk
    assert values(row, "event") == values(original, "event")


def test_a_choice_is_copied_with_its_limit():
    choice = make_choice(make_question(make_event(), kind="one_of"), "soup", limit=3, position=2)
    copied(choice.question.event)
    original, row = Choice.objects.order_by("pk")
    assert row.question_id != original.question_id
    assert values(row, "question") == values(original, "question")


def test_the_other_times_are_shifted_in_local_time():
    event = make_event(
        starts_at=WINTER,
        registration_opens_at=WINTER - timedelta(days=60),
        registration_closes_at=WINTER - timedelta(days=7),
        changes_until=None,
    )
    copy = copied(event)
    assert copy.starts_at == SUMMER
    assert copy.ends_at == SUMMER + timedelta(hours=7)
    assert copy.registration_closes_at == datetime(2028, 6, 3, 7, tzinfo=UTC)
    assert copy.registration_opens_at == datetime(2028, 4, 11, 7, tzinfo=UTC)
    assert copy.changes_until is None


def test_a_shift_over_daylight_saving_time_keeps_the_hour():
    event = make_event(starts_at=SUMMER, registration_closes_at=SUMMER - timedelta(days=7))
    copy = copied(event, starts_at=datetime(2027, 3, 30, 7, tzinfo=UTC))  # ten in summer time, two days old
    assert copy.registration_closes_at == datetime(2027, 3, 23, 8, tzinfo=UTC)  # ten in winter time


def test_a_condition_points_to_the_copied_question():
    event = make_event()
    workshop = make_question(event, "workshop", kind="one_of")
    make_choice(workshop, "a")
    make_question(event, "laptop", kind="yes_no", shown_if=workshop, shown_if_answer="a")
    make_question(event, "which", shown_if=event.questions.get(key="laptop"), shown_if_answer="yes")
    questions = {question.key: question for question in copied(event).questions.all()}
    assert (questions["laptop"].shown_if, questions["laptop"].shown_if_answer) == (questions["workshop"], "a")
    assert (questions["which"].shown_if, questions["which"].shown_if_answer) == (questions["laptop"], "yes")
    assert questions["workshop"].shown_if is None


def test_what_was_removed_is_left_out_with_the_conditions_on_it():
    event, now = make_event(), timezone.now()
    gone = make_question(event, "gone", kind="yes_no", removed_at=now)
    make_question(event, "after_gone", shown_if=gone, shown_if_answer="yes")
    meal = make_question(event, "meal", kind="one_of")
    make_choice(meal, "soup")
    make_choice(meal, "fish", removed_at=now)
    make_question(event, "after_fish", shown_if=meal, shown_if_answer="fish")
    copy = copied(event)
    assert [(one.key, one.shown_if_id, one.shown_if_answer) for one in copy.questions.order_by("pk")] == [
        ("after_gone", None, ""),
        ("meal", None, ""),
        ("after_fish", None, ""),
    ]
    assert [choice.key for choice in Choice.objects.filter(question__event=copy)] == ["soup"]


def test_no_people_are_copied_and_the_original_stays():
    event = make_event()
    make_topic(event).registrations.add(make_registration(event))
    before = values(event, "updated_at")
    copy = copied(event)
    assert not copy.registrations.exists()
    assert Registration.objects.count() == 1
    assert values(Event.objects.get(pk=event.pk), "updated_at") == before
    assert event.topics.count() == copy.topics.count() == 1


def test_a_taken_address_copies_nothing():
    event = make_event(slug="taken")
    make_topic(event)
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_event(event, starts_at=SUMMER, slug="taken")
    assert (Event.objects.count(), Topic.objects.count()) == (1, 1)


@pytest.mark.parametrize("number", [1, 3, 300])
def test_copying_costs_the_same_queries_whatever_there_is(django_assert_num_queries, number):
    event = make_event()
    for key in range(number):
        make_topic(event)
        make_choice(make_question(event, f"q{key}", kind="one_of"), "a")
    with django_assert_num_queries(16):
        copy_event(event, starts_at=SUMMER, slug="next")
    assert Choice.objects.count() == 2 * number


@pytest.mark.parametrize(
    ("title", "copied_title"),
    [
        ({"lv": "Bibliotēkas", "en": "Libraries"}, {"lv": "Bibliotēkas (kopija)", "en": "Libraries (copy)"}),
        ({"lv": "Bibliotēkas 2027", "en": "Libraries"}, {"lv": "Bibliotēkas 2028", "en": "Libraries (copy)"}),
        ({"lv": "Bibliotēkas", "en": ""}, {"lv": "Bibliotēkas (kopija)"}),
        ("Libraries", {"lv": "Libraries (kopija)", "en": "Libraries (copy)"}),
    ],
)
def test_the_copy_has_a_title_that_differs_in_each_language(title, copied_title):
    event = make_event(title=title, starts_at=datetime(2027, 5, 1, 7, tzinfo=UTC))
    copy = copy_event(event, starts_at=datetime(2028, 5, 1, 7, tzinfo=UTC), slug="next")
    assert Event.objects.get(pk=copy.pk).title.data == copied_title


def test_the_copy_of_a_year_within_the_same_year_is_marked_as_a_copy():
    event = make_event(title="Libraries 2027", starts_at=datetime(2027, 5, 1, 7, tzinfo=UTC))
    copy = copy_event(event, starts_at=datetime(2027, 9, 1, 7, tzinfo=UTC), slug="next")
    assert copy.title.data["en"] == "Libraries 2027 (copy)"
