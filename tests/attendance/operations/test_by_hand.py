"""Checking people in from the list of registrations."""

import pytest

from attendance import operations
from attendance.models import CheckIn
from registrations.operations import OperationError, cancel
from tests.factories import make_event, make_registration, make_user

pytestmark = pytest.mark.django_db


def test_somebody_with_a_place_is_checked_in_once():
    registration, organiser = make_registration(make_event()), make_user()
    assert operations.check_in(registration, by=organiser) is True
    came_at = registration.checked_in_at
    assert operations.check_in(registration, by=organiser) is False
    registration.refresh_from_db()
    assert registration.checked_in_at == came_at
    (stored,) = CheckIn.objects.all()
    assert (stored.kind, stored.method, stored.verdict) == ("in", "by_hand", "welcome")
    assert (stored.user, stored.device, stored.happened_at) == (organiser, None, came_at)


@pytest.mark.parametrize("status", ["pending", "waitlisted", "cancelled"])
def test_nobody_else_is_checked_in(status):
    registration = make_registration(make_event(), status)
    with pytest.raises(OperationError):
        operations.check_in(registration, by=make_user())
    registration.refresh_from_db()
    assert registration.checked_in_at is None
    assert not CheckIn.objects.exists()


def test_a_check_in_can_be_undone_once():
    registration, organiser = make_registration(make_event()), make_user()
    operations.check_in(registration, by=organiser)
    assert operations.undo_check_in(registration, by=organiser) is True
    assert operations.undo_check_in(registration, by=organiser) is False
    registration.refresh_from_db()
    assert registration.checked_in_at is None
    assert list(registration.check_ins.order_by("received_at").values_list("kind", flat=True)) == ["in", "undo"]


def test_somebody_who_has_just_cancelled_is_not_checked_in():
    registration = make_registration(make_event())
    stale = type(registration).objects.get(pk=registration.pk)
    cancel(registration)
    with pytest.raises(OperationError):
        operations.check_in(stale, by=make_user())
