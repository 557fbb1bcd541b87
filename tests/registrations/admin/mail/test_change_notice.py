"""Telling people of a new time or place, with a file that moves the entry in their calendar."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from conference.models import Event, Venue
from registrations import operations
from registrations.mail import delivery
from registrations.models import Mailing
from tests.factories import build_registration, make_event
from tests.registrations.admin.events.test_event_admin import post_event
from tests.registrations.admin.mail.test_mailing_admin import post_preview, post_send
from tests.registrations.admin.requests import get_page
from tests.registrations.mail.mailbox import get_calendar_entry, parse_received

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    event = make_event(capacity=1, starts_at=datetime(2028, 5, 12, 7, tzinfo=UTC), title="Libraries")
    for language in ("lv", "en"):
        operations.register(build_registration(event, language=language))
    delivery.send_due()
    return event


def move(organiser, event) -> str:
    """Move the event to a later day and another place, and return the address that the page then offers."""
    venue = Venue.objects.create(name="Town Hall", street="Rātslaukums 1", city="Rīga")
    days = {"starts_at_0": "2028-05-13", "ends_at_0": "2028-05-13", "venue": venue.pk}
    told = next(text for text in post_event(organiser, event, **days) if "not been told" in text)
    assert "Tell everybody, with a file that moves the entry in their calendar" in told
    return re.search(r'href="([^"]+)"', told)[1].replace("&amp;", "&")


def get_initial(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*?(?: value="([^"]*)"[^>]*>|>\s*(.*?)</textarea>)', page, re.S)
    return found[1] or found[2]


def test_after_a_move_one_button_leads_to_the_message_with_old_and_new(organiser, event):
    address = move(organiser, event)
    page = get_page(organiser, address)
    assert "This will be sent to 2 people." in page
    assert re.search(r'name="has_calendar"[^>]* checked', page)
    english = get_initial(page, "text_1")
    assert "- When: **{when}** (before: Friday, 12 May 2028, 10:00–17:00 (Riga time))" in english
    assert "- Where: **{venue}** (before: National Library of Latvia, Mūkusalas iela 3, Riga)" in english
    assert "(iepriekš: piektdiena, 2028. gada 12. maijs, 10:00–17:00 (" in get_initial(page, "text_0")

    written = {name: get_initial(page, name) for name in ("subject_0", "subject_1", "text_0", "text_1")}
    written["has_calendar"] = "on"
    query = address.partition("?")[2]
    mail.outbox.clear()
    preview = post_preview(organiser, f"?{query}", **written)
    post_send(organiser, preview, f"?{query}", **written)
    delivery.send_due()
    sent = sorted(mail.outbox, key=lambda message: message.subject)
    assert [message.subject for message in sent] == [
        "Jauns laiks vai vieta: Libraries",
        "New time or place: Libraries",
    ]
    assert "- When: Saturday, 13 May 2028, 10:00–17:00 (Riga time) (before: Friday, 12 May 2028" in sent[1].body
    assert "Where: Town Hall, Rātslaukums 1, Rīga (before: National Library" in sent[1].body
    (method, entry), (_method, nothing) = (get_calendar_entry(parse_received(message)) for message in sent)
    assert (method, entry["DTSTART"].dt.day, nothing) == ("PUBLISH", 13, None)  # who waits has no entry
    assert "before" not in get_initial(get_page(organiser, address), "text_1")  # what they were told is no longer new


def test_only_what_has_changed_is_said_to_have_been_otherwise_before(organiser, event):
    told = post_event(organiser, event, starts_at_0="2028-05-13", ends_at_0="2028-05-13")
    address = re.search(r'href="([^"]+)"', next(text for text in told if "not been told" in text))[1]
    english = get_initial(get_page(organiser, address.replace("&amp;", "&")), "text_1")
    assert "- When: **{when}** (before: Friday, 12 May 2028" in english
    assert "- Where: **{venue}**\n" in english


def test_the_file_replaces_the_earlier_one(organiser, event):
    person = event.registrations.get(status="confirmed")
    before = int(get_calendar_entry(parse_received(mail.outbox[0]))[1]["SEQUENCE"])
    mailing = Mailing.objects.create(subject="News", text="News", has_calendar=True)
    person.emails.create(kind="message", mailing=mailing, language="en", to=person.email)
    delivery.send_due()
    assert int(get_calendar_entry(parse_received(mail.outbox[-1]))[1]["SEQUENCE"]) > before


def test_a_message_without_the_tick_has_no_file_and_the_tick_is_part_of_what_was_previewed(organiser, event):
    preview = post_preview(organiser)
    assert "Nothing was sent" in post_send(organiser, preview, has_calendar="on").content.decode()
    post_send(organiser, preview)
    delivery.send_due()
    assert get_calendar_entry(parse_received(mail.outbox[-2])) == ("", None)


def test_nothing_is_remembered_before_anybody_registers_or_when_nothing_moves(organiser):
    event = make_event(starts_at=timezone.now() + timedelta(days=50))
    post_event(organiser, event, starts_at_1="09:30:00")
    operations.register(build_registration(event))
    post_event(organiser, Event.objects.get(), capacity=9)
    assert not any(key.startswith("moved") for key in dict(organiser.session.items()))
