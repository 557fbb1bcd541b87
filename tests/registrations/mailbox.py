"""A message in the outbox, and the same as it arrives."""

from email import message_from_bytes, policy

from django.core import mail

from registrations import emails, sending
from registrations.models import Mailing, OutgoingEmail
from tests.factories import make_event, make_registration

Kind = OutgoingEmail.Kind

# The status of a registration that is sent a message of this kind.
STATUS = {Kind.CONFIRM: "pending", Kind.WAITLISTED: "waitlisted", Kind.CANCELLED: "cancelled"}


def queued(kind, *, event=None, **values) -> OutgoingEmail:
    """A message of this kind in the outbox, to somebody for whom it is true."""
    event = event or make_event(title={"lv": "Bibliotēkas", "en": "Libraries"})
    registration = make_registration(event, STATUS.get(kind, "confirmed"), new_email="new@example.lv", **values)
    match kind:
        case Kind.LINK:
            emails.queue_links(registration.email, registration.language)
        case Kind.TEST:
            emails.queue_test("me@example.lv", registration.language)
        case Kind.MESSAGE:
            mailing = Mailing.objects.create(subject="News for {first_name}", text="**Dear** {first_name} {last_name}")
            emails.queue_all([registration], kind, mailing=mailing)
        case Kind.NEW_ADDRESS:
            emails.queue(registration, kind, to=registration.new_email)
        case _:
            emails.queue(registration, kind)
    return OutgoingEmail.objects.get()


def sent():
    """The one message that was due, as a mail program parses it."""
    assert sending.send_due() == (1, 0), OutgoingEmail.objects.latest("pk").last_error
    return message_from_bytes(mail.outbox[-1].message().as_bytes(), policy=policy.default)


def bodies(message) -> tuple[str, str]:
    return message.get_body(("plain",)).get_content(), message.get_body(("html",)).get_content()
