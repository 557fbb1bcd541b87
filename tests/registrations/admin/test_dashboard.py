"""The admin's first page."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from conference.models import Event
from registrations.permissions import HELPERS, STAFF
from tests.factories import make_event, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import get_page

pytestmark = pytest.mark.django_db

INDEX_URL = reverse("admin:index")


def make_titled_event(title: str, days: int = 30, **values) -> Event:
    return make_event(title={"en": title, "lv": title}, starts_at=timezone.now() + timedelta(days=days), **values)


def get_heading(content: str) -> str:
    return content.partition('id="current-conference"')[2].partition("</h2>")[0]


def test_the_next_published_conference_is_shown_and_others_are_listed(organiser):
    make_titled_event("Later", 60)
    make_titled_event("Draft", 5, is_published=False)
    make_titled_event("Past", -60)
    event = make_titled_event("Next", 30, capacity=10)
    make_registration(event)
    content = get_page(organiser, INDEX_URL)
    assert "Next" in get_heading(content)
    assert "<strong>1</strong> of 10 places taken" in content
    others = content.partition("Other events")[2]
    listed = re.findall(r">(\w+), [\d-]+( \(draft\))?</a>", others)
    assert listed == [("Later", ""), ("Draft", " (draft)"), ("Past", "")]
    for where in (
        reverse("admin:conference_event_overview", args=[event.pk]),
        f"{reverse('admin:registrations_registration_changelist')}?event={event.pk}",
        f"{reverse('admin:registrations_registration_export')}?event={event.pk}",
    ):
        assert f'href="{where}"' in content


def test_where_none_is_coming_the_latest_is_shown(organiser):
    make_titled_event("Old", -90)
    make_titled_event("Recent", -30)
    content = get_page(organiser, INDEX_URL)
    assert "Recent" in get_heading(content)
    assert "is over" in content


def test_a_draft_is_said_to_be_one(organiser):
    make_titled_event("Draft", is_published=False)
    assert "(draft)" in get_page(organiser, INDEX_URL)


def test_without_events_the_page_is_the_stock_one(organiser):
    content = get_page(organiser, INDEX_URL)
    assert "current-conference" not in content
    assert "Recent actions" in content


def test_who_may_not_see_registrations_gets_the_stock_page(client):
    make_event()
    client.force_login(make_user())
    content = get_page(client, INDEX_URL)
    assert "current-conference" not in content
    assert "Recent actions" in content


@pytest.mark.parametrize("group", [HELPERS, STAFF])
def test_only_who_may_see_the_outbox_is_told_of_e_mail(client, group):
    event = make_event()
    make_registration(event, email="anna@gmial.com").emails.create(
        kind="registered", to="anna@gmial.com", next_attempt_at=None, last_error="550"
    )
    client.force_login(make_user(group))
    content = get_page(client, INDEX_URL)
    assert "current-conference" in content
    assert "E-mail:" not in content
    assert "could not be delivered" not in content
    assert ("looks like a typo" in content) == (group == STAFF)
    assert "gmial" not in content


def test_organisers_are_told_whether_e_mail_goes_out(organiser):
    make_event()
    assert "working" in get_page(organiser, INDEX_URL)


def test_nothing_of_other_events_is_shown_to_who_is_limited(organiser):
    event, other = make_titled_event("Mine", 60), make_titled_event("Theirs", 30)
    LogEntry.objects.create(
        user=organiser.user,
        content_type=ContentType.objects.get_for_model(Event),
        object_id=other.pk,
        object_repr="Theirs",
        action_flag=CHANGE,
    )
    assert "Theirs" in get_heading(get_page(organiser, INDEX_URL))
    restrict_to_events(organiser.user, event)
    content = get_page(organiser, INDEX_URL)
    assert "Mine" in get_heading(content)
    assert "Theirs" not in content
    assert "Recent actions" not in content


def test_who_is_limited_to_no_event_sees_none(organiser):
    make_titled_event("Theirs")
    restrict_to_events(organiser.user)
    assert "Theirs" not in get_page(organiser, INDEX_URL)


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_first_page_costs_the_same_queries_whatever_there_is(organiser, number, django_assert_num_queries):
    event = make_event()
    for person in range(number):
        make_registration(event, organisation=f"Library {person}")
    for _event in range(min(number, 30)):
        make_event()
    get_page(organiser, INDEX_URL)
    with django_assert_num_queries(28):
        get_page(organiser, INDEX_URL)
