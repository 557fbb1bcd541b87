"""An address that looks like a typo: whoever typed it is asked once, and nobody is kept from using it."""

import re

import pytest
from django.test import Client

from conference.models import Event
from registrations.models import OutgoingEmail, Registration
from tests.factories import make_event, make_form_data, make_registration, make_topic
from tests.reading import drop_time_of_issue
from tests.registrations.views.test_personal import form_data
from tests.registrations.views.test_personal import get_url as personal

pytestmark = pytest.mark.django_db

QUESTION = "Did you mean anna@gmail.com? If the address you entered is correct, just press the button again."
HIDDEN = '<input type="hidden" name="checked_email" value="anna@gmial.com">'


@pytest.fixture(params=["register", "embed"])
def send(request):
    """Sends the sign-up form, on the site or in a frame."""
    event = make_event(slug="di-xl", embed_sites=["https://www.example.org"])
    make_topic(event)

    def send(**values):
        data = make_form_data(event, **{"email": "anna@gmial.com", **values})
        return Client().post(f"/en/di-xl/{request.param}/", data)

    return send


def is_registered(response) -> bool:
    return response.status_code == 302 or "You have a place." in response.content.decode()


def test_who_signs_up_is_asked_and_nothing_is_stored(send):
    response = send(last_name="Kalniņa")
    page = response.content.decode()
    assert response.status_code == 200
    assert page.lower().count(QUESTION.lower()) == 2  # in the summary and at the field
    assert '<a href="#id_email">E-mail: did you mean' in page
    assert HIDDEN in page
    assert 'value="anna@gmial.com"' in page
    assert 'value="Kalniņa"' in page
    assert re.search('<input type="checkbox"[^>]*name="topics"[^>]*checked', page)
    assert not Registration.objects.exists()
    assert not OutgoingEmail.objects.exists()


def test_pressing_the_button_once_more_signs_up_with_the_address_as_typed(send):
    assert is_registered(send(checked_email="anna@gmial.com"))
    assert [email.to for email in OutgoingEmail.objects.all()] == ["anna@gmial.com"]


def test_the_mended_address_is_taken(send):
    assert is_registered(send(email="anna@gmail.com", checked_email="anna@gmial.com"))
    assert Registration.objects.get().email == "anna@gmail.com"


def test_another_address_is_asked_about_anew(send):
    page = send(email="anna@inbox.lb", checked_email="anna@gmial.com").content.decode()
    assert "Did you mean anna@inbox.lv?" in page
    assert 'name="checked_email" value="anna@inbox.lb"' in page
    assert not Registration.objects.exists()


def test_it_is_asked_when_all_the_rest_is_right_so_that_mending_that_is_no_answer(send):
    page = send(first_name="").content.decode()
    assert page.lower().count("please fill in this field.") == 2
    assert QUESTION not in page
    assert "checked_email" not in page
    assert send().content.decode().lower().count(QUESTION.lower()) == 2
    assert not Registration.objects.exists()


def test_who_answered_is_not_asked_again_when_something_else_is_wrong(send):
    page = send(consent="", checked_email="anna@gmial.com").content.decode()
    assert "Please tick this box if you agree." in page
    assert QUESTION not in page
    assert HIDDEN in page


def test_the_question_is_the_same_whether_the_address_is_registered_or_not(send):
    before = send().content
    for email in ("anna@gmial.com", "anna@gmail.com"):
        make_registration(Event.objects.get(), email=email)
    assert drop_time_of_issue(send().content) == drop_time_of_issue(before)


@pytest.mark.parametrize("email", ["anna@gmail.com", "anna@yahoo.de", "anna@biblioteka.lv"])
def test_a_common_or_unknown_host_raises_no_question(send, email):
    assert is_registered(send(email=email))


def test_the_address_cannot_become_markup(send):
    page = send(email='"<b>x</b>"@gmial.com').content.decode()
    assert "Did you mean &quot;&lt;b&gt;x&lt;/b&gt;&quot;@gmail.com?" in page
    assert "<b>x" not in page


def test_who_looks_for_a_link_is_asked_too(client):
    make_registration(make_event(), email="anna@gmial.com")
    page = client.post("/en/find/", {"email": "Anna@GMIAL.com"}).content.decode()
    assert "Did you mean Anna@gmail.com?" in page
    assert 'name="checked_email" value="Anna@gmial.com"' in page
    assert not OutgoingEmail.objects.exists()
    response = client.post("/en/find/", {"email": "Anna@GMIAL.com", "checked_email": "Anna@gmial.com"})
    assert response["Location"] == "/en/find/sent/"
    assert OutgoingEmail.objects.get().to == "Anna@gmial.com"


def test_who_changes_their_address_is_asked_too(client):
    registration = make_registration(make_event(), email="old@example.lv")
    values = form_data(registration, email="anna@gmial.com", organisation="LNB")
    page = client.post(personal(registration, "edit/"), values).content.decode()
    assert QUESTION in page
    assert 'value="LNB"' in page
    registration.refresh_from_db()
    assert (registration.new_email, registration.organisation) == ("", "")
    response = client.post(personal(registration, "edit/"), {**values, "checked_email": "anna@gmial.com"})
    assert response.status_code == 302
    registration.refresh_from_db()
    assert (registration.new_email, registration.organisation) == ("anna@gmial.com", "LNB")


@pytest.mark.parametrize("values", [{"email": "anna@gmial.com"}, {"new_email": "anna@gmial.com"}])
def test_who_leaves_their_odd_address_as_it_is_is_not_asked(client, values):
    registration = make_registration(make_event(), **values)
    changed = form_data(registration, email="anna@gmial.com", organisation="LNB")
    assert client.post(personal(registration, "edit/"), changed).status_code == 302
