"""What somebody is told, from the deed to the message that arrives."""

from email import message_from_bytes, policy

import icalendar
import pytest
from django.core import mail

from registrations import operations
from registrations.mail import delivery
from tests.factories import build_registration, make_event, make_question, make_registration, make_topic
from tests.registrations.mail.mailbox import get_bodies

pytestmark = pytest.mark.django_db


def get_delivered(number: int = 0):
    """The message as a mail program parses it."""
    return message_from_bytes(mail.outbox[number].message().as_bytes(), policy=policy.default)


def test_a_confirmation_says_what_the_person_needs_in_their_language():
    event = make_event(
        slug="libraries", title={"lv": "Bibliotēkas", "en": "Libraries"}, confirmation_note="Bez maksas."
    )
    topic = make_topic(event, {"lv": "Loma", "en": "Role"})
    make_question(event, "lunch")
    registration, _has_place = operations.register(
        build_registration(event, language="lv", first_name="Jānis", last_name="Bērziņš", answers={"lunch": "Zupa"}),
        topics=[topic],
    )
    assert delivery.send_due() == (1, 0)

    message = get_delivered()
    assert message["To"] == registration.email
    assert message["Reply-To"] == "organisers@example.org"
    assert message["Subject"] == "Reģistrācija apstiprināta: Bibliotēkas"
    assert message["Auto-Submitted"] == "auto-generated"
    plain, html = get_bodies(message)
    link = f"http://localhost:8000/lv/r/{registration.manage_token}/"
    for expected in (
        "Labdien!",
        "Jums konferencē ir rezervēta vieta.",
        "Latvijas Nacionālā bibliotēka, Mūkusalas iela 3, Rīga",
        "http://localhost:8000/lv/libraries/",
        link,
        registration.reference,
        "Vārds: Jānis",
        "Uzvārds: Bērziņš",
        "Loma",
        "Zupa",
        "Bez maksas.",
    ):
        assert expected in plain
        assert expected in html
    assert f'href="{link}"' in html
    assert '<html lang="lv">' in html


def test_the_calendar_file_comes_along():
    event = make_event(slug="libraries")
    operations.register(build_registration(event))
    delivery.send_due()
    (attachment,) = get_delivered().iter_attachments()
    assert attachment.get_content_type() == "text/calendar"
    assert attachment.get_filename() == "libraries.ics"
    (entry,) = icalendar.Calendar.from_ical(attachment.get_content()).walk("VEVENT")
    assert entry["UID"] == str(event.calendar_uid)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("lv", "Jūsu kārtas numurs gaidīšanas sarakstā ir 2."), ("en", "You are number 2 on the waiting list.")],
)
def test_who_waits_is_told_their_number(language, expected):
    event = make_event(capacity=0)
    make_registration(event, "waitlisted")
    operations.register(build_registration(event, language=language))
    delivery.send_due()
    for body in get_bodies(get_delivered()):
        assert expected in body


def test_the_owner_of_a_known_address_is_told_and_gets_their_own_link():
    event = make_event()
    registration = make_registration(event, email="anna@example.lv", first_name="Anna", last_name="Bērziņa")
    again = {"first_name": "Bērziņa", "last_name": "Anna", "organisation": "Buy at evil.example"}
    operations.register(build_registration(event, email="anna@example.lv", **again))
    delivery.send_due()
    message = get_delivered()
    assert message["Subject"] == "You are already registered: Conference"
    for body in get_bodies(message):
        assert "Hello Anna," in body
        assert registration.manage_token in body
        assert "evil.example" not in body


def test_freed_and_cancelled_places_are_told():
    event = make_event(capacity=1)
    holder = make_registration(event)
    waiting = make_registration(event, "waitlisted")
    operations.cancel(holder)
    delivery.send_due()
    told = {get_delivered(n)["To"]: get_delivered(n) for n in range(2)}
    assert told[holder.email]["Subject"] == "Registration cancelled: Conference"
    assert list(told[holder.email].iter_attachments()) == []
    assert told[waiting.email]["Subject"] == "You now have a place: Conference"


def test_a_title_with_a_line_break_stays_in_the_subject():
    event = make_event(title="Libraries\r\nBcc: everybody@example.org")
    operations.register(build_registration(event))
    delivery.send_due()
    assert get_delivered()["Subject"] == "Registration confirmed: Libraries Bcc: everybody@example.org"
    assert get_delivered()["Bcc"] is None


def test_who_waits_gets_no_calendar_file():
    operations.register(build_registration(make_event(capacity=0)))
    delivery.send_due()
    assert list(get_delivered().iter_attachments()) == []
