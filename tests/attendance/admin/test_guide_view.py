"""The page to print for who helps at the door."""

import pytest
from django.urls import reverse

from attendance.models import DoorSettings
from tests.catalogue import english_words_on
from tests.factories import make_event, make_user, restrict_to_events

pytestmark = pytest.mark.django_db


def guide_url(event) -> str:
    return reverse("admin:attendance_guide", args=[event.pk])


@pytest.mark.parametrize(
    ("language", "title"), [("lv", "Norādes palīgiem pie ieejas"), ("en", "Guide for helpers at the door")]
)
def test_the_guide_is_in_the_language_that_is_asked_for(helper, language, title):
    content = helper.get(guide_url(make_event()), {"language": language}).content.decode()
    assert f'<html lang="{language}">' in content
    assert f"<h1>{title}</h1>" in content
    if language == "lv":
        assert english_words_on(content) == set()


def test_the_guide_says_what_the_door_of_this_event_does(helper):
    event = make_event(contact_email="ask@example.org")
    content = helper.get(guide_url(event), {"language": "en"}).content.decode()
    assert "ask@example.org" in content
    assert "It has no names and no addresses that anybody can read." in content
    assert "If no place is left, ask an organiser." in content
    assert "When people leave" not in content
    DoorSettings.objects.create(event=event, has_names=True, exceeds_capacity=True, checks_out=True)
    content = helper.get(guide_url(event), {"language": "en"}).content.decode()
    assert "It has the names and organisations of all people." in content
    assert "Let them in even if no place is left." in content
    assert "When people leave" in content


def test_an_unknown_language_is_that_of_the_user(helper):
    response = helper.get(guide_url(make_event()), {"language": "xx"}, headers={"accept-language": "en"})
    assert '<html lang="en">' in response.content.decode()


def test_the_guide_is_for_those_who_see_this_door(client, organiser):
    event = make_event()
    restrict_to_events(organiser.user, make_event())
    assert organiser.get(guide_url(event)).status_code == 404
    client.force_login(make_user())
    assert client.get(guide_url(event)).status_code == 403
