"""A sign-up form says when it was issued. What robots send is shown again, and nobody loses what they typed."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from conference.models import Event
from registrations.models import Registration
from tests.factories import make_event, make_form_data

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 5, 3, 9, tzinfo=UTC)
TOO_FAST = "This was as fast as a robot would be. Please press the button once more."
OUT_OF_DATE = "This form is out of date. Please look through your answers and press the button once more."


@pytest.fixture(autouse=True)
def _times_are_asked_for(settings):
    settings.SIGNUP_MIN_SECONDS = 2


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def address(clock):
    return f"/en/{make_event(slug='libraries').slug}/register/"


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True)


def read_time(response) -> str:
    return re.search(r'name="issued" value="([^"]*)"', response.content.decode())[1]


def send(browser, address, issued, **values):
    data = make_form_data(Event.objects.get(slug="libraries"), last_name="O’Brien", **values)
    return browser.post(address, {**data, **({} if issued is None else {"issued": issued})})


def is_registered(response) -> bool:
    return "form" not in (response.context or {}) and Registration.objects.count() == 1


def get_problem(response) -> list[str]:
    assert 'value="O’Brien"' in response.content.decode()
    return response.context["form"].errors.get("__all__", [])


@pytest.mark.parametrize("seconds", [2, 24 * 3600])
def test_who_takes_time_is_registered(browser, address, clock, seconds):
    issued = read_time(browser.get(address))
    clock.shift(seconds)
    assert is_registered(send(browser, address, issued))


@pytest.mark.parametrize("seconds", [0, 1, 1.9])
def test_too_fast_a_form_is_shown_again_as_typed_and_pressed_again_it_works(browser, address, clock, seconds):
    issued = read_time(browser.get(address))
    clock.shift(seconds)
    again = send(browser, address, issued)
    assert get_problem(again) == [TOO_FAST]
    assert read_time(again) == issued  # it stays the time at which the person began
    clock.shift(2 - seconds)
    assert is_registered(send(browser, address, read_time(again)))


def test_in_a_frame_it_is_the_same(browser, address, clock):
    frame = address.replace("register", "embed")
    again = send(browser, frame, read_time(browser.get(frame)))
    assert get_problem(again) == [TOO_FAST]
    clock.shift(2)
    assert is_registered(send(browser, frame, read_time(again)))


def test_after_a_day_it_is_shown_again_as_typed_and_can_be_sent_at_once(browser, address, clock):
    issued = read_time(browser.get(address))
    clock.shift(timedelta(days=1, seconds=1))
    cache.clear()
    again = send(browser, address, issued)
    assert get_problem(again) == [OUT_OF_DATE]
    assert is_registered(send(browser, address, read_time(again)))


@pytest.mark.parametrize("issued", [None, "", "1", "1809334800.00:", "1809334800.00:forged", "\x00", "ā:ā", "nan:x"])
def test_a_form_without_a_time_that_the_site_gave_is_shown_again(browser, address, issued):
    again = send(browser, address, issued)
    assert get_problem(again) == [OUT_OF_DATE]
    assert is_registered(send(browser, address, read_time(again)))


def test_the_time_of_another_events_form_is_none(browser, address, clock):
    issued = read_time(browser.get(f"/en/{make_event().slug}/register/"))
    clock.shift(10)
    assert get_problem(send(browser, address, issued)) == [OUT_OF_DATE]


def test_mistakes_come_first_and_keep_the_time(browser, address, clock):
    issued = read_time(browser.get(address))
    again = send(browser, address, issued, email="")
    assert get_problem(again) == []
    assert read_time(again) == issued
    clock.shift(2)
    assert is_registered(send(browser, address, read_time(again)))


def test_a_question_about_the_address_is_not_asked_twice_because_of_the_time(browser, address, clock):
    again = send(browser, address, None, email="anna@gmial.com")
    assert "Did you mean anna@gmail.com?" in again.content.decode()
    values = {"email": "anna@gmial.com", "checked_email": "anna@gmial.com"}
    assert is_registered(send(browser, address, read_time(again), **values))


def test_another_language_keeps_the_time(browser, clock):
    make_event(slug="libraries")
    issued = read_time(browser.get("/en/libraries/register/"))
    clock.shift(5)
    shown = send(browser, "/lv/libraries/register/", issued, language_switch="nothing")
    assert read_time(shown) == issued


def test_who_shares_a_page_shares_its_time(browser, address, clock):
    first = read_time(browser.get(address))
    assert read_time(Client().get(address)) == first
    clock.shift(2)
    assert read_time(Client().get(address)) != first


def test_where_it_is_switched_off_no_form_is_asked(browser, address, settings):
    settings.SIGNUP_MIN_SECONDS = 0
    assert is_registered(send(browser, address, None))
