"""The foot of pages that are no event's leads to the current one, where anybody can tell which that is."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.utils import timezone

from conference.models import Event
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.django_db

PAGES = ["/en/find/", "/en/find/sent/", "/en/r/erased/", "/en/r/no.link/", "/en/nowhere/", "/en/no/such/page/"]


def get_footer(client, path: str) -> str:
    content = client.get(path).content.decode()
    return content[content.index("<footer") :]


@pytest.mark.parametrize("path", PAGES)
def test_it_leads_to_the_event_its_privacy_notice_and_its_organisers(client, path):
    make_event(slug="di-xl", title="Libraries")
    foot = get_footer(client, path)
    assert '<a href="/en/di-xl/">Libraries</a>' in foot
    assert '<a href="/en/di-xl/privacy/">Privacy notice</a>' in foot
    assert '<a href="/en/accessibility/">' in foot
    assert '<a href="mailto:organisers@example.org">' in foot


@pytest.mark.parametrize("path", PAGES)
def test_without_an_event_it_leads_home(client, path):
    make_event(is_published=False)
    foot = get_footer(client, path)
    assert '<a href="/en/">Events</a>' in foot
    assert "privacy" not in foot
    assert "mailto:" not in foot


def test_the_next_event_is_the_current_one_and_the_latest_when_none_is_to_come():
    def on(days: int, **values) -> Event:
        return make_event(starts_at=timezone.now() + timedelta(days=days), **values)

    on(-90)
    latest = on(-30)
    assert Event.objects.current() == latest
    on(60)
    soon = on(30)
    on(10, is_published=False)
    assert Event.objects.current() == soon


def test_it_asks_the_database_once(client, django_assert_num_queries):
    make_event()
    with django_assert_num_queries(1):
        client.get("/en/no/such/page/")
    with django_assert_num_queries(1):
        client.get("/en/find/")


def test_without_its_database_an_error_still_has_its_page(client, monkeypatch):
    def broken(_events):
        raise OperationalError

    monkeypatch.setattr("conference.models.event_queryset.EventQuerySet.current", broken)
    response = client.get("/en/no/such/page/")
    assert response.status_code == 404
    assert '<a href="/en/">Events</a>' in response.content.decode()


def test_an_events_own_page_keeps_its_own_event(client):
    make_event(slug="next", starts_at=timezone.now() + timedelta(days=1))
    registration = make_registration(make_event(slug="later"))
    cache.clear()
    for path in ("/en/later/privacy/", f"/en/r/{registration.manage_token}/"):
        assert "/en/next/" not in get_footer(client, path)
        assert "/en/later/privacy/" in get_footer(client, path)
