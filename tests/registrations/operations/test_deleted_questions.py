"""Questions that are deleted while somebody fills in the form: the answers are not saved."""

import pytest

from registrations import operations
from registrations.models import Change
from tests.factories import build_registration, make_event, make_question, make_registration, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def deleted():
    """A question about needs without answers, so that removing it has deleted it."""
    question = make_question(make_event(), "diet", is_about_needs=True)
    make_question(question.event, "lunch")
    operations.remove_question(question)
    return question


def test_an_answer_to_it_is_not_saved_when_registering(deleted):
    one = build_registration(deleted.event, answers={"diet": "SECRET", "lunch": "soup"})
    operations.register(one)
    one.refresh_from_db()
    assert one.answers == {"lunch": "soup"}


def test_an_answer_to_it_is_not_imported(deleted):
    one = build_registration(deleted.event, answers={"diet": "SECRET", "lunch": "soup"}, source="import")
    operations.register_all(deleted.event, [(one, ())], notify=False)
    one.refresh_from_db()
    assert one.answers == {"lunch": "soup"}


def test_an_answer_to_it_is_neither_saved_nor_logged(deleted):
    one = make_registration(deleted.event)
    operations.correct_details(one, values={"answers": {"diet": "SECRET", "lunch": "soup"}}, by=make_user())
    one.refresh_from_db()
    assert one.answers == {"lunch": "soup"}
    assert [change.field for change in Change.objects.all()] == ["answers.lunch"]
