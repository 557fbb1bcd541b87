"""The change history."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registrations import audit, operations
from registrations.models import Change, Question
from tests.factories import (
    build_registration,
    make_choice,
    make_event,
    make_question,
    make_registration,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db

Kind = Question.Kind


def written(registration) -> list[tuple[str, str, str]]:
    return list(registration.changes.order_by("pk").values_list("field", "old", "new"))


def actors(registration) -> set[tuple]:
    return set(registration.changes.values_list("actor", "changed_by"))


def test_registering_logs_no_change(django_assert_num_queries):
    event = make_event()
    with django_assert_num_queries(6):  # as many as before there was an audit
        operations.register(build_registration(event))
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    ("verb", "status", "row"),
    [
        (operations.confirm, "waitlisted", ("status", "on the waiting list", "confirmed")),
        (operations.promote_out_of_turn, "waitlisted", ("status", "on the waiting list", "confirmed")),
        (operations.move_to_waiting_list, "cancelled", ("status", "cancelled", "on the waiting list")),
        (operations.cancel, "confirmed", ("status", "confirmed", "cancelled")),
    ],
)
def test_an_organisers_operation_is_logged_once_with_the_organiser(verb, status, row):
    event = make_event(promotes_automatically=False)
    registration, organiser = make_registration(event, status), make_user()
    for _time in range(2):
        verb(registration, by=organiser)
    assert written(registration) == [row]
    assert actors(registration) == {("organiser", organiser.pk)}


@pytest.mark.parametrize("verb", [operations.confirm, operations.cancel, operations.promote_out_of_turn])
def test_without_notify_nobody_is_e_mailed(verb):
    event = make_event(promotes_automatically=False)
    registration = make_registration(event, "waitlisted")
    assert verb(registration, notify=False) is True
    assert not registration.emails.exists()


def test_a_refused_operation_logs_nothing():
    event = make_event(capacity=0)
    registration = make_registration(event, "waitlisted")
    with pytest.raises(operations.EventFull):
        operations.confirm(registration, by=make_user())
    assert written(registration) == []


def test_changes_through_the_personal_link_are_the_persons():
    registration = make_registration(make_event())
    operations.cancel(registration)
    operations.rejoin(registration)
    assert written(registration) == [("status", "confirmed", "cancelled"), ("status", "cancelled", "confirmed")]
    assert actors(registration) == {("person", None)}


def test_promotions_are_made_by_the_site():
    event = make_event(capacity=1)
    holder, waiting = make_registration(event), make_registration(event, "waitlisted")
    operations.cancel(holder, by=make_user())
    assert written(waiting) == [("status", "on the waiting list", "confirmed")]
    assert actors(waiting) == {("site", None)}


def test_an_expired_hold_is_released_by_the_site():
    event = make_event(confirm_email=True)
    registration = make_registration(event, "pending", hold_until=timezone.now() - timedelta(hours=1))
    operations.release_expired_holds()
    registration.refresh_from_db()
    assert registration.is_cancelled
    assert written(registration) == [("status", "to be confirmed by e-mail", "cancelled")]
    assert actors(registration) == {("site", None)}


@pytest.mark.parametrize("number", [1, 3, 300])
def test_promoting_many_costs_the_same_queries(number, django_assert_num_queries):
    event = make_event(capacity=number)
    for _number in range(number):
        make_registration(event, "waitlisted")
    with django_assert_num_queries(9):
        operations.promote_waiting_list(event)
    assert Change.objects.filter(field="status", actor="site").count() == number


def test_a_correction_is_logged_as_people_read_it():
    event = make_event()
    topics = [make_topic(event, "Reading", position=2), make_topic(event, "Play", position=1)]
    registration, organiser = make_registration(event, country="LV", tags=["vip"], language="en"), make_user()
    values = {"country": "EE", "sector": "library", "language": "lv", "tags": ["vip", "speaker"], "organisation": "LNB"}
    assert operations.correct_details(registration, values=values, topics=topics, by=organiser) is True
    assert written(registration) == [
        ("country", "Latvia", "Estonia"),
        ("sector", "", "libraries"),
        ("language", "English", "Latvian"),
        ("tags", "vip", "vip, speaker"),
        ("organisation", "", "LNB"),
        ("topics", "", "Play, Reading"),
    ]
    assert operations.correct_details(registration, values=values, topics=topics, by=organiser) is False
    assert registration.changes.count() == 6


def test_answers_are_logged_one_by_one_with_the_labels_of_choices():
    event = make_event()
    lunch = make_question(event, "lunch", kind=Kind.SEVERAL_OF)
    for key in ("soup", "fish"):
        make_choice(lunch, key, label={"en": key.title(), "lv": key})
    make_question(event, "bus", kind=Kind.YES_NO)
    make_question(event, "age", kind=Kind.NUMBER)
    registration = make_registration(event, answers={"lunch": ["soup"], "bus": False, "gone": "kept"})
    answers = {"lunch": ["soup", "fish"], "bus": True, "age": 0}
    operations.correct_details(registration, values={"answers": answers}, by=make_user())
    assert registration.answers == {"lunch": ["soup", "fish"], "bus": True, "gone": "kept", "age": 0}
    assert sorted(written(registration)) == [
        ("answers.age", "", "0"),
        ("answers.bus", "no", "yes"),
        ("answers.lunch", "Soup", "Soup\nFish"),
    ]
    operations.correct_details(registration, values={"answers": {"lunch": None}}, by=make_user())
    assert "lunch" not in registration.answers
    assert written(registration)[-1] == ("answers.lunch", "Soup\nFish", "")


def test_of_needs_only_the_fact_of_a_change_is_logged():
    event = make_event()
    make_question(event, "diet", is_about_needs=True)
    registration = make_registration(event, answers={"diet": "COELIAC"})
    operations.correct_details(registration, values={"answers": {"diet": "VEGAN"}}, by=make_user())
    assert written(registration) == [("answers.diet", "", "")]


def test_a_new_address_is_logged_when_entered_and_when_confirmed():
    registration = make_registration(make_event(), email="old@example.lv")
    operations.change_details(registration, values={}, topics=[], email="new@example.lv")
    operations.confirm_new_address(registration, "new@example.lv")
    assert written(registration) == [
        ("new_email", "", "new@example.lv"),
        ("email", "old@example.lv", "new@example.lv"),
    ]
    assert actors(registration) == {("person", None)}


def test_a_correction_overwrites_nothing_that_the_form_did_not_change():
    registration = make_registration(make_event(), organisation="LNB")
    stale = type(registration).objects.get(pk=registration.pk)
    operations.correct_details(registration, values={"organisation": "RCB"}, by=make_user())
    operations.correct_details(stale, values={"job_title": "director"}, by=make_user())
    stale.refresh_from_db()
    assert (stale.organisation, stale.job_title) == ("RCB", "director")


def test_an_erased_person_is_not_corrected():
    registration = make_registration(make_event(), erased_at=timezone.now())
    with pytest.raises(operations.OperationError):
        operations.correct_details(registration, values={"organisation": "LNB"}, by=make_user())
    assert written(registration) == []


@pytest.mark.parametrize(
    ("field", "label"),
    [
        ("status", "status"),
        ("topics", "topics of interest"),
        ("merged", "merged with"),
        ("merged_into", "merged into"),
        ("answers.gone", "gone"),
    ],
)
def test_every_field_has_a_name(field, label):
    assert audit.get_field_label(field, {}) == label


def test_an_answer_to_a_question_deleted_meanwhile_leaves_no_trace():
    event = make_event()
    diet = make_question(event, "diet", is_about_needs=True)
    registration = make_registration(event)
    operations.remove_question(diet)  # nobody answered, so it is deleted while somebody fills in the form
    operations.correct_details(registration, values={"answers": {"diet": "SECRET"}}, by=make_user())
    assert written(registration) == []
