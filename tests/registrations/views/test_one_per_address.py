"""What visitors read of an event that takes one registration per e-mail address: before they register, and after."""

import re

import pytest
from django.test import Client

from registrations import operations
from tests.factories import build_registration, make_event, make_form_data, make_registration
from tests.registrations.views.test_personal import get_url

pytestmark = pytest.mark.django_db

HINT = "Each e-mail address can have one registration."
REASON = "Here, each e-mail address can have one registration."
ADDRESS = "library@example.lv"


@pytest.mark.parametrize("page", ["register", "embed"])
@pytest.mark.parametrize("one_per_address", [True, False])
def test_the_form_says_so_at_the_address(client, page, one_per_address):
    event = make_event(one_per_address=one_per_address)
    content = client.get(f"/en/{event.slug}/{page}/").content.decode()
    [hint] = re.findall(r'<div id="id_email_helptext"[^>]*>(.*?)</div>', content)
    assert hint.startswith("We will send your confirmation and personal link here.")
    assert (HINT in hint) == one_per_address
    assert content.count(HINT) == one_per_address


@pytest.mark.parametrize("page", ["register", "embed"])
def test_the_thank_you_page_has_no_button_for_a_colleague_and_says_why(client, page):
    event = make_event(one_per_address=True)
    response = client.post(f"/en/{event.slug}/{page}/", make_form_data(event), follow=True)
    content = response.content.decode()
    assert "Thank you – you are registered" in content
    assert REASON in content
    assert f'<a href="/en/{event.slug}/{page}/">Colleagues register with an address of their own.</a>' in content
    assert 'name="colleague"' not in content


def test_the_personal_page_says_so_too(client):
    event = make_event(one_per_address=True)
    content = client.get(get_url(make_registration(event))).content.decode()
    assert REASON in content
    assert 'name="colleague"' not in content


@pytest.mark.parametrize("page", ["register", "embed"])
def test_the_page_is_the_same_to_the_letter_for_a_known_person_another_person_and_a_new_address(page):
    known, colleague, new = events = [make_event(one_per_address=True, capacity=2) for _number in range(3)]
    operations.register(build_registration(known, email=ADDRESS, first_name="Anna", last_name="Bērziņa"))
    operations.register(build_registration(colleague, email=ADDRESS, first_name="Ilze", last_name="Otrā"))
    operations.register(build_registration(new, email="somebody@example.lv"))
    pages = []
    for event in events:
        data = make_form_data(event, email=ADDRESS, first_name="Anna", last_name="Bērziņa")
        response = Client().post(f"/en/{event.slug}/{page}/", data, follow=True)
        pages.append(response.content.decode().replace(event.slug, "event"))
    assert "You have a place." in pages[0]
    assert pages[0] == pages[1] == pages[2]
    assert [event.registrations.count() for event in events] == [1, 1, 2]
    assert [event.registrations.filter(first_name="Ilze").count() for event in events] == [0, 1, 0]
