"""Dietary and access needs are erased some time after the event."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from registrations import privacy
from tests.factories import make_event, make_question, make_registration

pytestmark = pytest.mark.django_db

NEEDS = {"diet": "No nuts", "access": "wheelchair", "lunch": "Soup"}


def make_event_with_needs(*, days_ago: float, **values):
    """Make an event that ended `days_ago`, with questions about diet, access and (no need) lunch."""
    ended = timezone.now() - timedelta(days=days_ago)
    event = make_event(starts_at=ended - timedelta(hours=7), ends_at=ended, **values)
    make_question(event, "diet", is_about_needs=True)
    make_question(event, "access", is_about_needs=True, is_internal=True, removed_at=timezone.now())
    make_question(event, "lunch")
    return event


def test_needs_are_erased_when_their_time_is_over_and_other_answers_stay():
    event = make_event_with_needs(days_ago=30.01)
    came, cancelled = make_registration(event, answers=NEEDS), make_registration(event, "cancelled", answers=NEEDS)
    make_registration(event, answers={"lunch": "Soup"})
    other = make_registration(make_event(), answers=NEEDS)
    assert privacy.erase_due_needs(timezone.now()) == {event: 2}
    for registration in (came, cancelled):
        registration.refresh_from_db()
        assert registration.answers == {"lunch": "Soup"}
    other.refresh_from_db()
    assert other.answers == NEEDS
    assert privacy.erase_due_needs(timezone.now()) == {event: 0}


@pytest.mark.parametrize("values", [{"days_ago": 29.99}, {"days_ago": 1, "needs_kept_days": 2}, {"days_ago": -1}])
def test_needs_are_kept_until_then(values):
    registration = make_registration(make_event_with_needs(**values), answers=NEEDS)
    assert privacy.erase_due_needs(timezone.now()) == {}
    registration.refresh_from_db()
    assert registration.answers == NEEDS


def test_needs_kept_for_no_days_are_erased_when_the_event_is_over():
    event = make_event_with_needs(days_ago=0, needs_kept_days=0)
    make_registration(event, answers=NEEDS)
    assert privacy.erase_due_needs(timezone.now()) == {event: 1}


def test_the_command_counts_first_and_erases_then():
    event = make_event_with_needs(days_ago=31, slug="past")
    registration = make_registration(event, answers=NEEDS)

    def said(*options) -> str:
        call_command("erase_needs", *options, stdout=(out := io.StringIO()))
        registration.refresh_from_db()
        return out.getvalue()

    assert said("--dry-run") == "past: needs of 1 registrations would be erased\n"
    assert registration.answers == NEEDS
    assert said() == "past: needs of 1 registrations erased\n"
    assert registration.answers == {"lunch": "Soup"}
    assert said() == "past: needs of 0 registrations erased\n"


def test_send_emails_erases_needs_too_but_not_in_every_round():
    event = make_event_with_needs(days_ago=31)
    first = make_registration(event, answers=NEEDS)
    call_command("send_emails")
    second = make_registration(event, answers=NEEDS)
    call_command("send_emails")
    for registration in (first, second):
        registration.refresh_from_db()
    assert (first.answers, second.answers) == ({"lunch": "Soup"}, NEEDS)
