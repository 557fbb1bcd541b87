"""Addresses that events had before lead to where they are now, and nowhere else."""

import pytest
from django.urls import reverse

from conference.admin.publication_checks import settings_url
from conference.models import EarlierAddress, Event
from registrations.permissions import ORGANISERS
from tests.factories import make_event, make_form_data, make_user, restrict_to_events
from tests.registrations.admin.events.test_event_admin import post_event, save_settings

pytestmark = pytest.mark.django_db

PAGES = ["", "calendar.ics", "picture.png", "privacy/", "register/", "registered/", "embed/"]


@pytest.fixture
def organiser(client):
    client.force_login(make_user(is_superuser=True))
    return client


def rename(client, event, slug: str) -> list[str]:
    return post_event(client, Event.objects.get(pk=event.pk), slug=slug)


@pytest.fixture
def event(organiser):
    """An event that was at /first/ and /second/ before, and visitors who are not logged in."""
    event = make_event(slug="first")
    rename(organiser, event, "second")
    rename(organiser, event, "third")
    organiser.logout()
    return event


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("slug", ["first", "second"])
def test_every_page_leads_to_the_one_at_the_address_now(client, event, slug, page):
    response = client.get(f"/lv/{slug}/{page}?utm=poster")
    if page == "registered/":  # for who has just registered there; from there it leads on
        response = client.get(response["Location"])
        assert response["Location"] == "/lv/third/"
        return
    assert (response.status_code, response["Location"]) == (301, f"/lv/third/{page}?utm=poster")
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("page", ["register/", "embed/"])
def test_a_form_that_was_open_is_sent_on_with_what_was_typed(client, event, page):
    response = client.post(f"/en/first/{page}", make_form_data(event))
    assert (response.status_code, response["Location"]) == (308, f"/en/third/{page}")
    client.post(response["Location"], make_form_data(event))
    assert event.registrations.count() == 1


def test_pages_that_exist_cost_no_query_more_and_others_are_still_not_found(client, event, monkeypatch):
    assert client.get("/en/fourth/").status_code == 404
    monkeypatch.setattr("conference.models.earlier_address.EarlierAddressManager.find_address", None)
    assert client.get("/en/third/").status_code == 200
    assert client.get("/en/r/first/").status_code == 404


def test_an_event_that_takes_the_address_wins_and_the_organiser_is_told(client, event):
    other = make_event(slug="other", title="Archives")
    client.force_login(make_user(is_superuser=True))
    told = rename(client, other, "first")
    assert any(text.startswith("This address led to “Conference,") for text in told)
    client.logout()
    assert client.get("/en/first/").status_code == 200
    assert client.get("/en/other/")["Location"] == "/en/first/"
    assert client.get("/en/second/")["Location"] == "/en/third/"


def test_who_may_not_see_the_event_that_had_the_address_does_not_take_it(client, event):
    Event.objects.filter(pk=event.pk).update(title="Secret plans")
    other, limited = make_event(slug="other"), make_user(ORGANISERS)
    restrict_to_events(limited, other)
    client.force_login(limited)
    page = save_settings(client, other, slug="first").content.decode()
    assert "Another event already has this address. Please choose another." in page
    assert "Secret" not in page
    assert Event.objects.get(pk=other.pk).slug == "other"
    client.logout()
    assert client.get("/en/first/")["Location"] == "/en/third/"


def test_going_back_to_an_earlier_address_makes_no_circle(client, event):
    client.force_login(make_user(is_superuser=True))
    assert not any("led to" in text for text in rename(client, event, "first"))
    page = client.get(settings_url(event, "when")).content.decode()
    assert "second, third" in page
    client.logout()
    assert client.get("/en/first/").status_code == 200
    assert [client.get(f"/en/{slug}/")["Location"] for slug in ("second", "third")] == ["/en/first/"] * 2


def test_a_draft_leaves_nothing_behind_and_is_not_given_away(client, organiser):
    draft = make_event(slug="draft", is_published=False)
    post_event(organiser, draft, slug="secret")
    assert not EarlierAddress.objects.exists()
    event = make_event(slug="open")
    rename(organiser, event, "closed")
    Event.objects.filter(pk=event.pk).update(is_published=False)
    organiser.logout()
    assert client.get("/en/open/").status_code == 404


def test_a_copy_is_not_offered_an_address_that_leads_elsewhere(organiser):
    event = make_event(slug="spring")
    page = organiser.get(reverse("admin:conference_event_copy", args=[event.pk]))
    offered = page.context["form"].data["slug"]
    EarlierAddress.objects.keep(event, offered)
    page = organiser.get(reverse("admin:conference_event_copy", args=[event.pk]))
    assert page.context["form"].data["slug"] != offered
