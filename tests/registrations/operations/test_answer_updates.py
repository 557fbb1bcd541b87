import pytest
from django.utils import timezone

from registrations import operations
from tests.factories import make_event, make_question, make_registration, make_user

pytestmark = pytest.mark.django_db


def test_needs_are_saved_with_the_other_answers_and_the_change_history_names_none():
    user = make_user()
    event = make_event()
    for key in ("diet", "access"):
        make_question(event, key, is_about_needs=True)
    registration = make_registration(event, answers={"lunch": "soup", "diet": ["vegan"], "access": "ramp"})
    stale = type(registration).objects.get(pk=registration.pk)
    type(registration).objects.filter(pk=registration.pk).update(
        answers={"lunch": "fish", "diet": ["vegan"], "access": "ramp"}
    )
    assert operations.correct_details(stale, values={"answers": {"diet": ["no_nuts"], "access": None}}, by=user)
    registration.refresh_from_db()
    assert registration.answers == {"lunch": "fish", "diet": ["no_nuts"]}
    assert set(registration.changes.values_list("field", "actor", "changed_by", "old", "new")) == {
        ("answers.diet", "organiser", user.pk, "", ""),
        ("answers.access", "organiser", user.pk, "", ""),
    }


def test_the_same_needs_change_nothing():
    registration = make_registration(make_event(), answers={"diet": ["vegan"]})
    assert not operations.correct_details(
        registration, values={"answers": {"diet": ["vegan"], "access": None}}, by=make_user()
    )
    assert not registration.changes.exists()


def test_needs_of_an_erased_person_are_not_saved():
    registration = make_registration(make_event(), erased_at=timezone.now())
    with pytest.raises(operations.OperationError, match="has been erased"):
        operations.correct_details(registration, values={"answers": {"diet": ["vegan"]}}, by=make_user())
