"""E-mail to attendees: queued with what it tells of, written in the reader's language, sent until it arrives."""

from collections.abc import Callable
from email.mime.text import MIMEText

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from conference.calendar import event_calendar
from conference.models import Event
from registrations.models import OutgoingEmail, Registration


def queue(registration: Registration, kind: str) -> OutgoingEmail:
    """Put a message of this kind for the registration's person in the outbox.

    Call it in the transaction that does what the message tells of: then neither exists without the other.
    """
    return OutgoingEmail.objects.create(
        registration=registration, kind=kind, language=registration.language, to=registration.email
    )


def send_due(is_stopped: Callable[[], bool] = lambda: False) -> tuple[int, int]:
    """Send every message that is due, one transaction each; returns how many were sent and how many failed.

    Asks `is_stopped` before each, and ends when it says so.

    Any number of processes may do this at once: each message is claimed by locking its row, and a
    process that dies gives its row back. Only the message that was under way then can be sent twice.
    """
    sent = failed = 0
    if not OutgoingEmail.objects.due().exists():
        return sent, failed  # without troubling the mail server
    connection = get_connection()
    try:
        while not is_stopped() and (delivered := send_next(connection)) is not None:
            sent, failed = sent + delivered, failed + (not delivered)
            if not delivered:
                connection.close()  # the server may have hung up; the next message opens a new connection
    finally:
        connection.close()
    return sent, failed


def send_next(connection) -> bool | None:
    """Send the message that is due longest; True if the server took it, False if not, None when none is due."""
    with transaction.atomic():
        email = OutgoingEmail.objects.due().select_for_update(skip_locked=True).first()
        if email is None:
            return None
        try:
            with transaction.atomic():
                connection.open()  # once for all messages; a server that does not answer is this message's error
                message(email, connection).send()
        except Exception as error:
            email.mark_failed(timezone.now(), f"{type(error).__name__}: {error}")
        else:
            email.mark_sent(timezone.now())
        email.save()
    return email.sent_at is not None


def message(email: OutgoingEmail, connection=None) -> EmailMultiAlternatives:
    """The message to send for this row of the outbox. Writes its words on the row the first time, unsaved."""
    registration = Registration.objects.select_related("event__venue").get(pk=email.registration_id)
    with translation.override(email.language):
        if not email.text or email.to != registration.email:
            write(email, registration)
    message = EmailMultiAlternatives(
        subject=email.subject,
        body=email.text,
        to=[email.to],
        reply_to=[registration.event.contact_email],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": email.language},
        connection=connection,
    )
    message.attach_alternative(email.html, "text/html")
    if registration.holds_a_place:
        message.attach(calendar_part(registration.event, email.language))
    return message


def write(email: OutgoingEmail, registration: Registration) -> None:
    """Fill in address, subject, text and HTML in the active language.

    The link in the text opens the registration for whoever reads it, so the message goes to the address
    that the person has when it is written, not to the one they had when it was queued.
    """
    context = {
        "event": registration.event,
        "registration": registration,
        "topics": registration.topics.all(),
        "answers": registration.answered_questions(),
        "position": registration.place_in_line,
        "event_url": absolute_url(registration.event.get_absolute_url()),
        "link": absolute_url(registration.manage_path),
    }
    email.to = registration.email
    template = f"emails/{email.kind}"
    email.subject = " ".join(render_to_string(f"{template}.subject.txt", context).split())
    email.text = render_to_string(f"{template}.txt", context)
    email.html = render_to_string(f"{template}.html", context)


def absolute_url(path: str) -> str:
    """The full address of a page; from the settings, never from a request, whose Host header a stranger chooses."""
    return f"{settings.SITE_URL}{path}"


def calendar_part(event: Event, language: str) -> MIMEText:
    """The event's calendar file in `language`, as a part of a message."""
    with translation.override(language):
        calendar = event_calendar(event, url=absolute_url(event.get_absolute_url()))
    part = MIMEText(calendar.decode(), "calendar", "utf-8")
    part.set_param("method", "PUBLISH")
    part.add_header("Content-Disposition", "attachment", filename=f"{event.slug}.ics")
    return part
