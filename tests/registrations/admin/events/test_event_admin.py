from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from conference.admin.publication_checks import settings_url
from conference.admin.setting_topics import find_topic
from conference.models import Event
from registrations.models import Registration
from tests.factories import make_event, make_registration
from tests.registrations.admin.requests import get_page

pytestmark = pytest.mark.django_db


def make_event_form(event, **values) -> dict:
    """What a browser posts from the event's page in the admin."""
    data = {"title_0": "Konference", "title_1": "Conference", "slug": event.slug, "is_published": "on"}
    for name in ("starts_at", "ends_at"):
        moment = getattr(event, name).astimezone(event.zone)
        data |= {f"{name}_0": moment.strftime("%Y-%m-%d"), f"{name}_1": moment.strftime("%H:%M:%S")}
    data |= {"time_zone": event.time_zone, "venue": event.venue_id, "contact_email": "x@example.org"}
    data |= {"promotes_automatically": "on", "waiting_list_enabled": "on", "hold_hours": 24, "needs_kept_days": 30}
    data |= {"kind": "conference", **{f"asks_{name}": "optional" for name in Event.ASKED_FIELDS}}
    for inline in ("topics", "sectors", "partners", "paragraphs"):
        data |= {f"{inline}-TOTAL_FORMS": 0, f"{inline}-INITIAL_FORMS": 0}
    return {**data, **values}


def save_settings(client, event, *, follow=False, **values):
    """Post the page of the event's settings on which the first of these values stands."""
    address = settings_url(event, find_topic(next(iter(values))))
    return client.post(address, make_event_form(event, **values), follow=follow)


def post_event(organiser, event, **values) -> list[str]:
    """What the page says after the event was saved with these values."""
    response = save_settings(organiser, event, follow=True, **values)
    return [str(message) for message in response.context["messages"]]


def test_a_larger_capacity_promotes_the_first_in_line(organiser):
    event = make_event(capacity=1)
    make_registration(event)
    first, second = make_registration(event, "waitlisted"), make_registration(event, "waitlisted")
    told = post_event(organiser, event, capacity=2)
    assert "1 person got a place from the waiting list." in told
    assert [Registration.objects.get(pk=one.pk).status for one in (first, second)] == ["confirmed", "waitlisted"]
    assert Event.objects.get(pk=event.pk).capacity == 2


def test_an_events_times_are_typed_and_shown_by_its_own_clock(organiser):
    ten_in_riga = datetime(2027, 9, 19, 7, tzinfo=UTC)
    event = make_event(time_zone="Europe/Lisbon", starts_at=ten_in_riga)
    address = settings_url(event, "when")
    assert 'value="08:00' in get_page(organiser, address)
    organiser.post(address, make_event_form(event, starts_at_1="09:30:00"))
    assert Event.objects.get(pk=event.pk).starts_at == datetime(2027, 9, 19, 8, 30, tzinfo=UTC)
    moved = make_event_form(event, starts_at_1="09:30:00", time_zone="Europe/Riga")
    organiser.post(address, moved)
    assert Event.objects.get(pk=event.pk).starts_at == datetime(2027, 9, 19, 6, 30, tzinfo=UTC)


def test_an_event_in_a_zone_that_is_none_is_told_at_the_field(organiser):
    event = make_event()
    response = save_settings(organiser, event, time_zone="Riga")
    assert "is not a time zone" in response.content.decode()


def test_a_capacity_below_the_places_taken_throws_nobody_out_and_says_so(organiser):
    event = make_event(capacity=3)
    for _number in range(3):
        make_registration(event)
    told = post_event(organiser, event, capacity=1)
    assert any(text.startswith("2 places too many are taken. Nobody loses theirs;") for text in told)
    assert event.registrations.occupying_place().count() == 3
    text = get_page(organiser, settings_url(event, "registration"))
    assert "Places taken: 3. Waiting: 0. 2 places too many are taken." in text


def test_where_organisers_choose_they_are_told_that_places_are_free(organiser):
    event = make_event(capacity=1)
    waiting = make_registration(event, "waitlisted")
    told = post_event(organiser, event, capacity=1, promotes_automatically="")
    assert "There are places available and people waiting. Choose who gets one in the list of registrations." in told
    waiting.refresh_from_db()
    assert waiting.status == "waitlisted"


def test_no_limit_promotes_everybody(organiser):
    event = make_event(capacity=0)
    for _number in range(3):
        make_registration(event, "waitlisted")
    assert "3 people got places from the waiting list." in post_event(organiser, event, capacity="")


def test_a_paragraph_of_the_organisers_is_kept_and_an_unknown_placeholder_is_told(organiser):
    event = make_event()
    paragraph = {
        "paragraphs-TOTAL_FORMS": 1,
        "paragraphs-0-event": event.pk,
        "paragraphs-0-kind": "registered",
        "paragraphs-0-text_0": "Sveiki, {first_name}!",
        "paragraphs-0-text_1": "Hello, {surname}!",
    }
    response = save_settings(organiser, event, **paragraph)
    assert "{surname} is not a placeholder. You can use: {first_name}" in response.content.decode()
    assert not event.paragraphs.exists()
    post_event(organiser, event, **{**paragraph, "paragraphs-0-text_1": "Hello, {first_name}!"})
    assert event.paragraphs.get().text.data == {"lv": "Sveiki, {first_name}!", "en": "Hello, {first_name}!"}


def test_every_message_is_previewed_in_both_languages(organiser):
    event = make_event()
    event.paragraphs.create(kind="registered", text={"lv": "Pa sānu durvīm.", "en": "By the side door."})
    text = get_page(organiser, reverse("admin:conference_event_emails", args=[event.pk]))
    for expected in ("Pa sānu durvīm.", "By the side door.", "Lūdzu, apstipriniet vietu līdz", "Reminder"):
        assert expected in text


def test_the_preview_is_for_those_who_may_see_the_event(staff):
    assert staff.get(reverse("admin:conference_event_emails", args=[make_event().pk])).status_code == 403


def test_a_new_time_warns_that_those_with_a_place_were_not_told(organiser):
    event = make_event()
    # Later than both new times, at whatever hour this is run.
    Event.objects.update(ends_at=event.starts_at + timedelta(hours=20))
    event.refresh_from_db()
    told = post_event(organiser, event, starts_at_1="09:30:00")
    assert not any("not been told" in text for text in told)
    make_registration(event)
    told = post_event(organiser, event, starts_at_1="09:45:00")
    assert any(
        text.startswith("1 person has a place and has not been told about the new time or venue.") for text in told
    )
    same = {"starts_at_1": "09:45:00"}
    assert not any("not been told" in text for text in post_event(organiser, Event.objects.get(pk=event.pk), **same))
