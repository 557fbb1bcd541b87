"""The admin's first page."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from conference.models import Event
from registrations.models import choose_event
from registrations.permissions import HELPERS, STAFF
from tests.factories import make_event, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import get_first_page, get_page

pytestmark = pytest.mark.django_db

INDEX_URL = reverse("admin:index")
ADD_URL = reverse("admin:conference_event_add")


def make_titled_event(title: str, days: int = 30, **values) -> Event:
    return make_event(title={"en": title, "lv": title}, starts_at=timezone.now() + timedelta(days=days), **values)


def overview_url(event: Event) -> str:
    return reverse("admin:conference_event_overview", args=[event.pk])


def test_who_has_chosen_nothing_begins_with_the_next_published_conference(organiser):
    make_titled_event("Later", 60)
    make_titled_event("Draft", 5, is_published=False)
    make_titled_event("Past", -60)
    event = make_titled_event("Next", 30, capacity=10)
    make_registration(event)
    assert organiser.get(INDEX_URL)["Location"] == overview_url(event)
    assert "<strong>1</strong> of 10 places taken" in get_first_page(organiser)


def test_where_none_is_coming_it_is_the_latest(organiser):
    make_titled_event("Old", -90)
    event = make_titled_event("Recent", -30)
    assert organiser.get(INDEX_URL)["Location"] == overview_url(event)
    assert "is over" in get_first_page(organiser)


def test_the_chosen_conference_is_remembered_and_so_is_all(organiser):
    event, _next = make_titled_event("Old", -90), make_titled_event("Next")
    choose_event(organiser.user, event)
    assert organiser.get(INDEX_URL)["Location"] == overview_url(event)
    choose_event(organiser.user, None)
    assert organiser.get(INDEX_URL)["Location"] == reverse("admin:conference_event_changelist")


def test_a_draft_is_said_to_be_one(organiser):
    make_titled_event("Draft", is_published=False)
    assert "(draft)" in get_first_page(organiser)


def test_without_events_the_page_offers_a_new_one_to_whoever_may_add_it(organiser):
    assert f'href="{ADD_URL}"' in get_page(organiser, INDEX_URL)
    restrict_to_events(organiser.user)
    content = get_page(organiser, INDEX_URL)
    assert "Ask an organiser to let you see one." in content
    assert ADD_URL not in content


def test_who_may_not_see_registrations_gets_the_stock_page(client):
    make_event()
    client.force_login(make_user())
    content = get_page(client, INDEX_URL)
    assert "permission to view or edit anything" in content
    assert "Conference" not in content


@pytest.mark.parametrize("group", [HELPERS, STAFF])
def test_only_who_may_see_the_outbox_is_told_of_e_mail(client, group):
    event = make_event()
    make_registration(event, email="anna@gmial.com").emails.create(
        kind="registered", to="anna@gmial.com", next_attempt_at=None, last_error="550"
    )
    client.force_login(make_user(group))
    content = get_first_page(client)
    assert "places taken" in content or "Places taken" in content
    assert "E-mail:" not in content
    assert "could not be delivered" not in content
    assert ("looks like a typo" in content) == (group == STAFF)
    assert "gmial" not in content


def test_organisers_are_told_whether_e_mail_goes_out(organiser):
    make_event()
    assert "working" in get_first_page(organiser)


def test_nothing_of_other_events_is_shown_to_who_is_limited(organiser):
    event, other = make_titled_event("Mine", 60), make_titled_event("Theirs", 30)
    LogEntry.objects.create(
        user=organiser.user,
        content_type=ContentType.objects.get_for_model(Event),
        object_id=other.pk,
        object_repr="Theirs",
        action_flag=CHANGE,
    )
    assert "Theirs" in get_first_page(organiser)
    restrict_to_events(organiser.user, event)
    content = get_first_page(organiser)  # although they had chosen the other
    assert "Mine" in content
    assert "Theirs" not in content


def test_who_is_limited_to_no_event_sees_none(organiser):
    make_titled_event("Theirs")
    restrict_to_events(organiser.user)
    assert "Theirs" not in get_page(organiser, INDEX_URL)
