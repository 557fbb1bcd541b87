from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from conference.admin.publication_checks import settings_url
from conference.models import Event
from registrations import operations
from registrations.permissions import HELPERS, ORGANISERS
from tests.factories import make_event, make_question, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import get_page

pytestmark = pytest.mark.django_db

TEN_IN_RIGA_IN_WINTER = datetime(2027, 3, 20, 8, tzinfo=UTC)


@pytest.fixture
def event():
    return make_event(
        slug="libraries-2027",
        starts_at=TEN_IN_RIGA_IN_WINTER,
        registration_closes_at=TEN_IN_RIGA_IN_WINTER - timedelta(days=7),
    )


def copy_url(event) -> str:
    return reverse("admin:conference_event_copy", args=[event.pk])


def test_the_events_page_leads_to_the_copy(organiser, event):
    assert f'href="{copy_url(event)}"' in get_page(organiser, settings_url(event, "texts"))


@time_machine.travel("2026-11-24T12:00:00Z", tick=False)
def test_the_page_proposes_the_same_weekday_a_year_later_and_an_address(organiser, event):
    content = get_page(organiser, copy_url(event))
    assert 'value="2028-03-18"' in content
    assert 'value="libraries-2028"' in content
    assert "<td>Saturday, 20 March 2027, 10:00</td><td>Saturday, 18 March 2028, 10:00</td>" in content
    assert Event.objects.count() == 1


def test_a_taken_proposal_gets_a_number(organiser, event):
    make_event(slug="libraries-2028")
    assert 'value="libraries-2028-2"' in get_page(organiser, copy_url(event))


def test_the_times_are_shown_for_another_day_before_anything_is_copied(organiser, event):
    response = organiser.post(copy_url(event), {"day": "2027-06-12", "slug": "summer", "show": "1"})
    content = response.content.decode()
    assert "Saturday, 12 June 2027, 10:00" in content
    assert "Saturday, 5 June 2027, 10:00" in content
    assert Event.objects.count() == 1


def test_a_copy_is_made_and_its_page_says_what_to_look_at(organiser, event):
    make_question(event)
    make_registration(event)
    response = organiser.post(copy_url(event), {"day": "2027-06-12", "slug": "summer"}, follow=True)
    copy = Event.objects.get(slug="summer")
    assert response.redirect_chain == [(reverse("admin:conference_event_publish", args=[copy.pk]), 302)]
    told = [str(message) for message in response.context["messages"]]
    assert told[0].startswith("This is the copy. It has the texts, settings, topics,")
    assert told[1].startswith("Please check the title,")
    assert copy.starts_at == datetime(2027, 6, 12, 7, tzinfo=UTC)
    assert copy.questions.count() == 1
    assert not copy.registrations.exists()
    assert not copy.is_published
    assert "Added." in get_page(organiser, reverse("admin:conference_event_history", args=[copy.pk]))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"slug": "libraries-2027"}, "Another event already has this address. Please choose another."),
        ({"slug": "find"}, "“find” is already the address of another page on this site. Please choose another."),
        ({"slug": "ar atstarpi"}, "Enter a valid “slug”"),
        ({"slug": ""}, "This field is required."),
        ({"day": ""}, "This field is required."),
        ({"day": "rīt"}, "Please enter the date as 2027-06-10 or as 10.06.2027."),
        ({"day": "2101-01-01"}, "The year must be between 2000 and 2100."),
        ({"day": "0001-01-01"}, "The year must be between 2000 and 2100."),
        ({"day": "9999-12-31"}, "The year must be between 2000 and 2100."),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_copied(organiser, event, typed, sentence):
    response = organiser.post(copy_url(event), {"day": "2027-06-12", "slug": "summer", **typed})
    assert sentence in response.content.decode()
    assert Event.objects.count() == 1


def test_a_time_that_moves_beyond_the_years_is_told(organiser):
    event = make_event(starts_at=datetime(2027, 1, 1, tzinfo=UTC), ends_at=datetime(2028, 1, 1, tzinfo=UTC))
    response = organiser.post(copy_url(event), {"day": "2100-06-12", "slug": "summer"})
    assert "The year must be between 2000 and 2100." in response.content.decode()


def test_an_hour_that_the_new_day_does_not_have_is_told(organiser):
    event = make_event(starts_at=datetime(2027, 1, 10, 1, 30, tzinfo=UTC))
    response = organiser.post(copy_url(event), {"day": "2027-03-28", "slug": "night"})
    assert "03:30 does not exist on that day in Europe/Riga" in response.content.decode()


def test_only_who_may_add_events_copies_one(client, event):
    for user in (make_user(HELPERS), make_user(ORGANISERS)):
        restrict_to_events(user, event)
        client.force_login(user)
        assert copy_url(event) not in client.get(settings_url(event, "texts")).content.decode()
        assert client.get(copy_url(event)).status_code == 403
        assert client.post(copy_url(event), {"day": "2027-06-12", "slug": "summer"}).status_code == 403
    assert Event.objects.count() == 1


def test_an_event_that_is_not_there_cannot_be_copied(organiser):
    assert organiser.get("/admin/conference/event/987654/copy/").status_code == 404
    assert organiser.get(f"/admin/conference/event/{'9' * 30}/copy/").status_code in (302, 404)


def test_an_event_that_somebody_is_saving_is_not_copied_and_the_page_says_so(organiser, event, monkeypatch):
    def busy(*arguments, **how):
        raise operations.Busy

    monkeypatch.setattr(operations, "copy_event", busy)
    response = organiser.post(copy_url(event), {"day": "2028-06-10", "slug": "next"})
    assert "please send the form again" in response.content.decode()
    assert Event.objects.get() == event
