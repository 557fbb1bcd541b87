"""People who register at the moment at which their event is cancelled."""

import pytest

from registrations import operations
from registrations.operations.exceptions import OperationError
from tests.factories import build_registration, make_event
from tests.registrations.concurrency.threads import run_at_once
from tests.registrations.stored_state import list_email_kinds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("crowd")]


def test_everybody_who_got_in_is_told_and_nobody_gets_in_afterwards():
    event = make_event()

    def act(number: int) -> bool:
        if number == 4:
            return operations.cancel_event(event)
        try:
            return bool(operations.register(build_registration(event)))
        except OperationError:
            return False

    outcomes = run_at_once(act, range(9))
    people = list(event.registrations.all())
    assert len(people) == sum(outcomes) - 1
    assert all(list_email_kinds(one) == ["registered", "event_cancelled"] for one in people)
    with pytest.raises(OperationError):
        operations.register(build_registration(event))
