import re

import pytest
from django.urls import reverse
from django.utils import timezone

from registrations.models import Registration
from tests.factories import make_event, make_registration, make_topic
from tests.registrations.admin.requests import ADD_URL, get_page
from tests.registrations.stored_state import list_email_kinds

pytestmark = pytest.mark.django_db


def post_add(client, event, **values):
    data = {
        "first_name": "Ilze",
        "last_name": "Direktore",
        "email": "ilze@example.lv",
        "language": "lv",
        "notify": "on",
        **values,
    }
    return client.post(f"{ADD_URL}?event={event.pk}", data)


def test_somebody_is_signed_up_by_hand_through_the_same_operation(organiser):
    event = make_event(capacity=1, registration_closes_at=timezone.now())
    topic = make_topic(event)
    response = post_add(organiser, event, topics=[topic.pk], internal_note="phoned", consent="on")
    registration = Registration.objects.get()
    assert response["Location"] == reverse("admin:registrations_registration_change", args=[registration.pk])
    assert (registration.source, registration.status, registration.language) == ("by_hand", "confirmed", "lv")
    assert (registration.internal_note, list(registration.topics.all())) == ("phoned", [topic])
    assert registration.consented_at
    assert registration.emails.get().kind == "registered"


def test_by_hand_too_many_wait_unless_the_box_is_ticked(organiser):
    event = make_event(capacity=0)
    post_add(organiser, event)
    post_add(organiser, event, email="other@example.lv", beyond_capacity="on")
    assert list(event.registrations.order_by("pk").values_list("status", flat=True)) == ["waitlisted", "confirmed"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"email": "anna@example.lv"}, "already registered"),
        ({"email": "anna@"}, "Enter a valid email address."),
        ({"first_name": "-", "last_name": ""}, "Please enter the first name, the last name or both."),
    ],
)
def test_by_hand_mistakes_are_told_and_nothing_typed_is_lost(organiser, values, expected):
    event = make_event()
    make_registration(event, email="anna@example.lv", first_name="Ilze", last_name="Direktore")
    content = post_add(organiser, event, **{"organisation": "Rīgas Centrālā bibliotēka", **values}).content.decode()
    assert expected in content
    assert 'value="Rīgas Centrālā bibliotēka"' in content
    assert event.registrations.count() == 1


def test_by_hand_a_full_event_without_a_waiting_list_says_so(organiser):
    event = make_event(capacity=0, waiting_list_enabled=False)
    assert "All places are taken." in post_add(organiser, event).content.decode()


def test_with_several_events_one_is_asked_for_first(organiser):
    one, other = make_event(title="One"), make_event(title="Other")
    make_topic(other, "Of the other")
    content = get_page(organiser, ADD_URL)
    assert f'href="?event={one.pk}"' in content
    assert f'href="?event={other.pk}"' in content
    assert "Of the other" not in get_page(organiser, ADD_URL, event=one.pk)
    assert f'href="?event={one.pk}"' in get_page(organiser, ADD_URL, event="nonsense")


def test_without_any_event_the_page_says_so(organiser):
    assert "There is no event yet." in get_page(organiser, ADD_URL)


@pytest.mark.parametrize(
    ("values", "kinds", "told"),
    [
        ({}, ["registered"], "The e-mail is being sent to ilze@example.lv."),
        ({"notify": ""}, [], "No e-mail is sent."),
        ({"email": ""}, [], "Without an e-mail address, no e-mail is sent."),
    ],
)
def test_adding_by_hand_asks_whether_to_send_the_e_mail(organiser, values, kinds, told):
    event = make_event()
    assert re.search(r'<input type="checkbox" name="notify"[^>]* checked', get_page(organiser, ADD_URL, event=event.pk))
    response = post_add(organiser, event, **values)
    assert list_email_kinds(Registration.objects.get()) == kinds
    assert told in get_page(organiser, response["Location"])


def test_saved_twice_at_once_a_person_without_an_address_is_added_once(organiser):
    event = make_event()
    post_add(organiser, event, email="")
    assert "has just been added" in post_add(organiser, event, email="").content.decode()
    assert event.registrations.count() == 1
