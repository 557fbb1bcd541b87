"""Commands for administrators, while somebody else has an event's lock."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from registrations.models import EventCounts
from registrations.operations.locking import select_event_for_update
from tests.factories import make_event, make_question, make_registration
from tests.registrations.concurrency.threads import run_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("check_counts", "--repair"), "An event is being changed. What is left can be corrected in a minute."),
        (("erase_needs",), "An event is being changed. What is left can be erased in a minute."),
    ],
)
def test_a_command_that_cannot_get_the_lock_says_so_in_a_sentence(monkeypatch, command, said):
    monkeypatch.setattr("config.database_limits.LOCK_TIMEOUT", 100)
    event = make_event(starts_at=timezone.now() - timedelta(days=90))
    make_question(event, "diet", is_about_needs=True)
    make_registration(event, answers={"diet": "No nuts"})
    EventCounts.objects.filter(event=event).update(confirmed=7)

    def run(_number) -> str:
        with pytest.raises(CommandError) as refusal:
            call_command(*command)
        return str(refusal.value)

    with transaction.atomic():
        select_event_for_update(event)
        assert run_at_once(run, [1]) == [said]
    call_command(*command)
