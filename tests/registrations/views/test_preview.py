"""The registration form of an event that is not published yet."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registrations.models import OutgoingEmail, Registration
from registrations.permissions import ORGANISERS, STAFF
from tests.factories import make_event, make_form_data, make_question, make_user, restrict_to_events

pytestmark = pytest.mark.django_db

BANNER = "Preview: not published yet. Only organisers can see this page."


@pytest.fixture
def event():
    return make_event(is_published=False)


def get_form_url(event) -> str:
    return f"/en/{event.slug}/register/"


@pytest.fixture
def previewer(client):
    client.force_login(make_user(ORGANISERS))
    return client


@pytest.mark.parametrize("path", ["", "privacy/", "register/"])
def test_each_page_of_an_unpublished_event_says_that_it_is_a_preview(previewer, event, path):
    assert BANNER in previewer.get(f"/en/{event.slug}/{path}").content.decode()
    published = make_event()
    assert BANNER not in previewer.get(f"/en/{published.slug}/{path}").content.decode()


def test_the_form_is_shown_as_visitors_will_see_it(previewer, event):
    make_question(event)
    content = previewer.get(get_form_url(event)).content.decode()
    assert 'name="first_name"' in content
    assert "Lunch" in content


def test_the_page_shows_what_visitors_will_see_and_leads_to_the_form(previewer, event):
    content = previewer.get(f"/en/{event.slug}/").content.decode()
    assert f'href="{get_form_url(event)}">Register</a>' in content
    opens_at = timezone.now() + timedelta(days=3)
    event = make_event(is_published=False, registration_opens_at=opens_at)
    content = previewer.get(f"/en/{event.slug}/").content.decode()
    assert "Registration opens: " in content
    assert f'href="{get_form_url(event)}">Preview the registration form</a>' in content
    assert 'name="first_name"' in previewer.get(get_form_url(event)).content.decode()


def test_once_published_the_form_is_shown_by_the_dates_alone(previewer):
    event = make_event(registration_opens_at=timezone.now() + timedelta(days=3))
    assert "Preview the registration form" not in previewer.get(f"/en/{event.slug}/").content.decode()
    assert 'name="first_name"' not in previewer.get(get_form_url(event)).content.decode()


def test_a_form_that_is_sent_is_checked_and_nothing_is_stored(previewer, event):
    response = previewer.post(get_form_url(event), make_form_data(event, email="wrong"))
    assert "Please check the e-mail address" in response.content.decode()
    response = previewer.post(get_form_url(event), make_form_data(event))
    assert "This is a preview, so nothing was saved and no e-mail was sent." in response.content.decode()
    assert response.status_code == 200
    assert not Registration.objects.exists()
    assert not OutgoingEmail.objects.exists()


def test_a_preview_is_kept_by_no_cache(previewer, event):
    assert "no-store" in previewer.get(get_form_url(event))["Cache-Control"]


def test_others_neither_see_nor_send_the_form(client, event):
    assert client.get(get_form_url(event)).status_code == 404
    assert client.post(get_form_url(event), make_form_data(event)).status_code == 404
    limited = make_user(ORGANISERS)
    restrict_to_events(limited, make_event())
    for user in (make_user(STAFF), limited):
        client.force_login(user)
        assert client.get(get_form_url(event)).status_code == 404
        assert client.post(get_form_url(event), make_form_data(event)).status_code == 404
    assert not Registration.objects.exists()
