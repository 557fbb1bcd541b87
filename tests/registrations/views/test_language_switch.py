"""A form that is sent to the same page in another language, to be shown there as it was typed: nothing comes of it."""

import re

import pytest
from django.utils import timezone

from registrations import rate_limit
from registrations.models import OutgoingEmail, Registration
from tests.factories import make_event, make_form_data, make_question, make_registration, make_topic
from tests.reading import drop_time_of_issue
from tests.registrations.stored_state import dump_database
from tests.registrations.views.test_personal import form_data
from tests.registrations.views.test_personal import get_url as personal

pytestmark = pytest.mark.django_db


def switch_language(client, path, values, language_switch="nothing"):
    return client.post(path, {**values, "language_switch": language_switch})


@pytest.mark.parametrize("page", ["register", "embed"])
def test_the_form_is_shown_as_it_was_typed_and_nothing_is_stored(client, page):
    event = make_event()
    topic = make_topic(event)
    make_question(event, "lunch", is_required=True)
    values = make_form_data(event, email="anna@", last_name="O'Brien", question_lunch="Soup")
    response = switch_language(client, f"/lv/{event.slug}/{page}/", values)
    content = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="lv">' in content
    for typed in ("anna@", "O&#x27;Brien", "Soup"):
        assert f'value="{typed}"' in content
    assert '<option value="LV" selected>' in content
    assert re.search(rf'<input type="checkbox"[^>]*value="{topic.pk}"[^>]*checked', content)
    assert re.search(r'<input type="checkbox" name="consent"[^>]*checked', content)
    assert 'id="errors"' not in content
    assert "is-invalid" not in content
    assert "no-store" in response["Cache-Control"]
    assert not Registration.objects.exists()


@pytest.mark.parametrize("language_switch", ["nothing", "errors", "", "x"])
def test_a_form_filled_in_right_is_not_stored_either(client, language_switch):
    event = make_event()
    response = switch_language(client, f"/lv/{event.slug}/register/", make_form_data(event), language_switch)
    assert response.status_code == 200
    assert 'id="errors"' not in response.content.decode()
    assert not Registration.objects.exists()
    assert not OutgoingEmail.objects.exists()


def test_errors_that_stood_there_are_told_in_the_new_language(client):
    event = make_event()
    content = switch_language(
        client, f"/en/{event.slug}/register/", {"email": "anna@gmial.com"}, "errors"
    ).content.decode()
    assert content.lower().count("please fill in this field.") == 4
    assert "Did you mean" not in content


def test_a_question_about_the_address_is_translated_and_not_swallowed(client):
    event = make_event()
    values = make_form_data(event, email="anna@gmial.com", checked_email="anna@gmial.com")
    content = switch_language(client, f"/en/{event.slug}/register/", values, "errors").content.decode()
    assert "Did you mean anna@gmail.com?" in content
    assert 'name="checked_email" value="anna@gmial.com"' in content


def test_an_address_that_nobody_was_asked_about_yet_does_not_pass_for_asked(client):
    event = make_event()
    content = switch_language(
        client, f"/en/{event.slug}/register/", make_form_data(event, email="anna@gmial.com")
    ).content.decode()
    assert "checked_email" not in content


def test_a_registered_address_is_shown_like_any(client):
    event = make_event()
    values = make_form_data(event, email="anna@example.lv")

    def shown() -> str:
        content = switch_language(client, f"/en/{event.slug}/register/", values, "errors").content
        return drop_time_of_issue(content)

    before = shown()
    make_registration(event, email="anna@example.lv")
    assert shown() == before


def test_it_takes_nothing_from_the_limit_and_is_no_way_around_it(client, settings):
    settings.SIGNUP_RATE_LIMIT = (2, 3600)
    event = make_event()
    path = f"/en/{event.slug}/register/"
    assert [switch_language(client, path, make_form_data(event)).status_code for _number in range(3)] == [200, 200, 200]
    assert [switch_language(client, "/en/find/", {"email": "a@example.lv"}).status_code for _number in range(3)] == [
        200,
        200,
        200,
    ]
    assert [client.post(path, make_form_data(event)).status_code for _number in range(3)] == [302, 302, 429]
    assert switch_language(client, path, make_form_data(event)).status_code == 200
    assert client.post(path, make_form_data(event)).status_code == 429
    assert Registration.objects.count() == 2


def test_where_registration_has_closed_meanwhile_nothing_came_too_late(client):
    event = make_event(registration_closes_at=timezone.now())
    response = switch_language(client, f"/en/{event.slug}/register/", make_form_data(event))
    assert response.status_code == 200
    assert "Registration is closed." in response.content.decode()
    assert "arrived after registration had closed" not in response.content.decode()


def test_a_search_for_a_link_is_shown_and_sends_nothing(client):
    make_registration(make_event(), email="anna@example.lv")
    content = switch_language(client, "/lv/find/", {"email": "anna@example.lv"}).content.decode()
    assert 'value="anna@example.lv"' in content
    assert not OutgoingEmail.objects.exists()


def test_a_change_is_shown_and_not_made(client, monkeypatch):
    monkeypatch.setattr(rate_limit, "MAX_CHANGES", 1)
    registration = make_registration(make_event())
    before = dump_database()
    values = form_data(registration, last_name="Kalniņa", email="new@example.lv", first_name="")
    for _number in range(3):
        response = switch_language(client, personal(registration, "edit/", "lv"), values)
        content = response.content.decode()
        assert response.status_code == 200
        assert 'value="Kalniņa"' in content
        assert 'value="new@example.lv"' in content
        assert 'id="errors"' not in content
    assert dump_database() == before
    statuses = [
        client.post(personal(registration, "edit/"), form_data(registration)).status_code for _number in range(2)
    ]
    assert statuses == [302, 429]


@pytest.mark.parametrize("page", ["cancel/", "confirm/", "rejoin/"])
def test_a_button_is_no_form_to_be_shown_so_its_limit_holds(client, monkeypatch, page):
    monkeypatch.setattr(rate_limit, "MAX_CHANGES", 1)
    registration = make_registration(
        make_event(), {"cancel/": "confirmed", "rejoin/": "cancelled"}.get(page, "pending")
    )
    statuses = [switch_language(client, personal(registration, page), {}).status_code for _number in range(2)]
    assert statuses == [302, 429]


def test_a_preview_is_shown_as_typed_and_not_tried(admin_client):
    event = make_event(is_published=False)
    content = switch_language(admin_client, f"/en/{event.slug}/register/", make_form_data(event)).content.decode()
    assert "A visitor would now be registered." not in content
    assert 'value="Bērziņa"' in content
