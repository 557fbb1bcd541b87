"""What to do next, at the boundaries of the calendar in the event's time zone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from conference.models import Event
from registrations.admin.events.next_steps import LINKS, Stage, find_next_step, find_stage
from registrations.permissions import HELPERS, ORGANISERS
from registrations.statistics import Summary
from tests.factories import make_event, make_registration, make_user, restrict_to_events

SECOND = timedelta(seconds=1)
NOBODY = Summary(taken=0, pending=0, waiting=0, cancelled=0, new_today=0, new_this_week=0, days_left=0)
# In Riga it starts on 10 June at 00:30 and ends on the 11th at 12:00; in UTC it starts on the 9th.
STARTS_AT, ENDS_AT = datetime(2027, 6, 9, 21, 30, tzinfo=UTC), datetime(2027, 6, 11, 9, tzinfo=UTC)
CLOSES_AT, OPENS_AT = datetime(2027, 6, 7, 21, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)


def build_event(**values) -> Event:
    times = {"starts_at": STARTS_AT, "ends_at": ENDS_AT, "time_zone": "Europe/Riga"}
    times |= {"registration_opens_at": OPENS_AT, "registration_closes_at": CLOSES_AT}
    return Event(**{**times, "is_published": True, "capacity": 10, **values})


@pytest.mark.parametrize(
    ("moment", "before", "after"),
    [
        (OPENS_AT, Stage.NOT_YET_OPEN, Stage.OPEN),
        (CLOSES_AT - timedelta(days=3), Stage.OPEN, Stage.CLOSING_SOON),
        (CLOSES_AT - timedelta(hours=0), Stage.CLOSING_SOON, Stage.CLOSED),
        (datetime(2027, 6, 8, 21, tzinfo=UTC), Stage.CLOSED, Stage.TOMORROW),  # midnight in Riga
        (datetime(2027, 6, 9, 21, tzinfo=UTC), Stage.TOMORROW, Stage.TODAY),
        (ENDS_AT, Stage.TODAY, Stage.AFTER),
        (ENDS_AT + timedelta(days=30), Stage.AFTER, Stage.SETTLED),
    ],
)
def test_the_calendar_says_what_is_next(moment, before, after):
    event = build_event()
    assert find_stage(event, NOBODY, moment - SECOND) == before
    assert find_stage(event, NOBODY, moment) == after


def test_days_are_those_of_the_events_time_zone():
    event, moment = build_event(time_zone="America/New_York"), datetime(2027, 6, 8, 21, tzinfo=UTC)
    assert find_stage(event, NOBODY, moment) == Stage.TOMORROW
    assert find_stage(event, NOBODY, datetime(2027, 6, 9, 4, tzinfo=UTC)) == Stage.TODAY
    assert find_stage(event, NOBODY, datetime(2027, 6, 9, 4, tzinfo=UTC) - SECOND) == Stage.TOMORROW


@pytest.mark.parametrize(
    ("taken", "waiting", "values", "stage"),
    [
        (9, 0, {}, Stage.OPEN),
        (10, 0, {}, Stage.FULL),
        (11, 4, {}, Stage.FULL),
        (10, 0, {"capacity": None}, Stage.OPEN),
        (9, 1, {}, Stage.OPEN),  # the place is on its way to who waits
        (9, 1, {"promotes_automatically": False}, Stage.PLACES_TO_GIVE),
        (10, 1, {"promotes_automatically": False}, Stage.FULL),
    ],
)
def test_while_registration_is_open_the_places_decide(taken, waiting, values, stage):
    now = OPENS_AT + timedelta(days=1)
    assert find_stage(build_event(**values), NOBODY._replace(taken=taken, waiting=waiting), now) == stage


def test_a_draft_and_a_cancelled_event_are_told_whatever_the_day():
    for now in (OPENS_AT - SECOND, OPENS_AT, CLOSES_AT, STARTS_AT, ENDS_AT - SECOND):
        assert find_stage(build_event(is_published=False), NOBODY, now) == Stage.DRAFT
        assert find_stage(build_event(cancelled_at=OPENS_AT), NOBODY, now) == Stage.CANCELLED
    assert find_stage(build_event(is_published=False), NOBODY, ENDS_AT) == Stage.AFTER
    assert find_stage(build_event(cancelled_at=OPENS_AT), NOBODY, ENDS_AT) == Stage.CANCELLED


def test_without_a_time_of_its_own_registration_closes_when_the_event_starts():
    event = build_event(registration_closes_at=None, registration_opens_at=None)
    assert find_stage(event, NOBODY, STARTS_AT - timedelta(days=3) - SECOND) == Stage.OPEN
    assert find_stage(event, NOBODY, STARTS_AT - timedelta(days=3)) == Stage.CLOSING_SOON


@pytest.mark.django_db
def test_a_full_event_leads_to_the_first_in_line():
    event = make_event(capacity=0)
    first, _second = (make_registration(event, "waitlisted", first_name=name) for name in ("Inese", "Anna"))
    step = find_next_step(
        event, NOBODY._replace(waiting=2), event.starts_at - timedelta(days=20), make_user(ORGANISERS), []
    )
    page = reverse("admin:registrations_registration_action", args=[first.pk, "promote_beyond_capacity"])
    assert step.links[1] == (f"Give the first in line a place: {first.full_name}", page)


@pytest.mark.slow
@pytest.mark.matrix
@pytest.mark.django_db
def test_every_stage_leads_users_only_where_they_may_go(client):
    event = make_event()
    for group in (ORGANISERS, HELPERS):
        user = make_user(group)
        opened = {reverse("admin:conference_event_emails", args=[event.pk])}  # it takes long
        restrict_to_events(user, event)
        client.force_login(user)
        for stage, values in STATES.items():
            for name, value in {**USUAL, **values}.items():
                setattr(event, name, value)
            now = MOMENTS.get(stage, lambda event: event.starts_at - timedelta(days=20))(event)
            assert find_stage(event, NOBODY, now) == stage
            step = find_next_step(event, NOBODY, now, user, [])
            assert step.text
            assert step.links or group == HELPERS
            for _label, url in step.links:
                assert url in opened or client.get(url).status_code == 200, (group, stage, url)
                opened.add(url)


USUAL = {"cancelled_at": None, "is_published": True, "capacity": None, "registration_opens_at": None}
STATES = {
    **{stage: {} for stage in LINKS},
    Stage.DRAFT: {"is_published": False},
    Stage.CANCELLED: {"cancelled_at": OPENS_AT},
    Stage.FULL: {"capacity": 0},
    Stage.NOT_YET_OPEN: {"registration_opens_at": datetime(2999, 1, 1, tzinfo=UTC)},
}
del STATES[Stage.PLACES_TO_GIVE], STATES[Stage.CLOSED]
MOMENTS = {
    Stage.TODAY: lambda event: event.starts_at,
    Stage.TOMORROW: lambda event: event.starts_at - timedelta(days=1),
    Stage.CLOSING_SOON: lambda event: event.starts_at - timedelta(days=2),
    Stage.AFTER: lambda event: event.ends_at,
    Stage.SETTLED: lambda event: event.ends_at + timedelta(days=30),
}
