"""Whatever happens at the doors, in whatever order it arrives: what is stored is what follows from it."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance.models import CheckIn
from attendance.operations import list_wrong_times, record_check_ins
from attendance.uploads import Record
from tests.factories import make_event, make_registration

PEOPLE, RECORDS = 3, 6

steps = st.tuples(
    st.integers(0, RECORDS - 1),  # the record, which may come again
    st.sampled_from(["in", "in", "out", "undo"]),
    st.integers(0, PEOPLE),  # one more than there are: an unknown ticket
    st.integers(0, RECORDS - 1),  # what it undoes
    st.integers(0, 50),  # how many minutes ago
    st.booleans() | st.just(False),
)


def build(step, keys: list[str]) -> Record:
    number, kind, person, undone, minutes, is_practice = step
    return Record(
        id=UUID(int=number + 1),
        kind=kind,
        at=timezone.now() - timedelta(minutes=minutes),
        method="scan",
        key=keys[person],
        undoes=UUID(int=undone + 1) if kind == "undo" else None,
        is_practice=is_practice,
    )


@pytest.mark.django_db
@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(steps, min_size=1, max_size=4), max_size=5))
def test_who_came_is_always_what_follows_from_the_check_ins(uploads):
    event = make_event()
    people = [make_registration(event) for _number in range(PEOPLE)]
    keys = [type(one).objects.get(pk=one.pk).ticket_key for one in people] + ["0" * 32]
    for upload in uploads:
        records = [build(step, keys) for step in upload]
        recorded = record_check_ins(event, records, device_now=timezone.now())
        assert set(recorded.stored) == {record.id for record in records}
        assert list_wrong_times(event) == []
        again = record_check_ins(event, records, device_now=timezone.now())
        assert again.stored == recorded.stored
    came = CheckIn.objects.filter(event=event, kind="in").counted().valid().exclude(registration=None)
    expected = set(came.values_list("registration", flat=True))
    assert set(event.registrations.exclude(checked_in_at=None).values_list("pk", flat=True)) == expected
    CheckIn.objects.filter(event=event).delete()
