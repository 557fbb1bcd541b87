"""A message in the outbox, and the same as it arrives."""

from email import message_from_bytes, policy

import icalendar
from django.core import mail
from django.db.models.functions import Now

from registrations import operations
from registrations.mail import delivery, outbox
from registrations.mail.account_emails import queue_account_notice, queue_invitation, queue_password_reset
from registrations.models import ACCOUNT_KINDS, Mailing, OutgoingEmail
from tests.factories import make_event, make_registration, make_user

Kind = OutgoingEmail.Kind

# The status of a registration that is sent a message of this kind.
STATUS = {Kind.CONFIRM: "pending", Kind.WAITLISTED: "waitlisted", Kind.CANCELLED: "cancelled"}


def queue_email(kind, *, event=None, **values) -> OutgoingEmail:
    """A message of this kind in the outbox, to somebody for whom it is true."""
    event = event or make_event(title={"lv": "Bibliotēkas", "en": "Libraries"})
    registration = make_registration(event, STATUS.get(kind, "confirmed"), new_email="new@example.lv", **values)
    match kind:
        case Kind.LINK:
            outbox.queue_links(registration.email, registration.language)
        case Kind.TEST:
            outbox.queue_test("me@example.lv", registration.language)
        case Kind.MESSAGE:
            mailing = Mailing.objects.create(subject="News for {first_name}", text="**Dear** {first_name} {last_name}")
            outbox.queue_all([registration], kind, mailing=mailing)
        case Kind.PASSWORD_RESET:
            queue_password_reset(make_user(email="staff@example.lv").email)
            OutgoingEmail.objects.update(language=registration.language)
        case Kind.INVITATION:
            queue_invitation(make_user(email="staff@example.lv"), registration.language)
        case _ if kind in ACCOUNT_KINDS:
            queue_account_notice(make_user(email="staff@example.lv"), kind)
            OutgoingEmail.objects.update(language=registration.language)
        case Kind.NEW_ADDRESS:
            outbox.queue(registration, kind, to=registration.new_email)
        case Kind.EVENT_CANCELLED:
            operations.cancel_event(event, note={"lv": "Tiksimies maijā.", "en": "We meet in May."})
        case Kind.EVENT_RESTORED:
            outbox.queue(registration, Kind.EVENT_CANCELLED)
            OutgoingEmail.objects.update(sent_at=Now(), next_attempt_at=None)
            outbox.queue(registration, kind)
        case _:
            outbox.queue(registration, kind)
    return OutgoingEmail.objects.latest("pk")


def send_and_get_last():
    """The one message that was due, as a mail program parses it."""
    assert delivery.send_due() == (1, 0), OutgoingEmail.objects.latest("pk").last_error
    return parse_received(mail.outbox[-1])


def parse_received(message):
    """A message of Django's, as a mail program parses it."""
    return message_from_bytes(message.message().as_bytes(), policy=policy.default)


def get_calendar_entry(received) -> tuple[str, icalendar.Event | None]:
    """The method of the calendar file in a received message, and its entry; empty and None without one."""
    for part in received.iter_attachments():
        if part.get_content_type() == "text/calendar":
            calendar = icalendar.Calendar.from_ical(part.get_content())
            assert part.get_param("method") == calendar["METHOD"]
            return str(calendar["METHOD"]), calendar.walk("VEVENT")[0]
    return "", None


def get_bodies(message) -> tuple[str, str]:
    return message.get_body(("plain",)).get_content(), message.get_body(("html",)).get_content()
