"""How e-mail gets out: written when it is first sent, at a set pace, and tried until it arrives."""

import re
import smtplib
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from email.errors import HeaderParseError
from email.mime.text import MIMEText

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection
from django.db import connection as database
from django.db import transaction
from django.utils import timezone, translation

from conference.calendar import CANCEL, PUBLISH, event_calendar
from registrations import messages
from registrations.models import OutgoingEmail, Registration
from registrations.models.outgoing_email import links_to

Kind = OutgoingEmail.Kind
Status = Registration.Status

# What came of a message that was due.
SENT, FAILED, DROPPED = "sent", "failed", "dropped"

# For which statuses a message about a standing is true.
TRUE_FOR = {
    Kind.CONFIRM: {Status.PENDING},
    Kind.REGISTERED: {Status.CONFIRMED},
    Kind.PROMOTED: {Status.PENDING, Status.CONFIRMED},
    Kind.WAITLISTED: {Status.WAITLISTED},
    Kind.CANCELLED: {Status.CANCELLED},
    Kind.REMINDER: {Status.CONFIRMED},
}
WITH_CALENDAR = {*TRUE_FOR, Kind.CHANGED, Kind.ALREADY_REGISTERED}
# These go to the address they were queued for; all others to the one that the person has when they are written.
FOR_ONE_ADDRESS = {Kind.NEW_ADDRESS, Kind.ADDRESS_NOTICE}

# What a server answers when it objects to the site and not to the message: RFC 3463's 5.7 (policy), or in words.
CAN_BE_PUT_RIGHT = re.compile(rb"^5\.7\.|relay|authenticat", re.IGNORECASE)
# Longer than this (in seconds) no connection to a mail server is kept idle.
IDLE = 5
# Links are sent to an address no more often than this.
LINKS_AFTER = timedelta(minutes=10)

TAKE_SLOT = """
    INSERT INTO registrations_sender (id, last_ran_at, next_slot_at) VALUES (1, %(now)s, %(now)s + %(pause)s)
    ON CONFLICT (id) DO UPDATE SET
        last_ran_at = %(now)s, next_slot_at = greatest(registrations_sender.next_slot_at, %(now)s) + %(pause)s
    RETURNING next_slot_at - %(pause)s
"""


def send_due(
    is_stopped: Callable[[], bool] = lambda: False, wait: Callable[[float], object] = time.sleep
) -> tuple[int, int]:
    """Send every message that is due, one transaction each; returns how many were sent and how many failed.

    Goes at the pace of EMAIL_RATE, which all senders share, by calling `wait` with seconds. Asks `is_stopped`
    before each message, and ends when it says so.

    Any number of processes may do this at once: each message is claimed by locking its row, and a
    process that dies gives its row back. Only the message that was under way then can be sent twice.
    """
    outcomes = Counter()
    take_slot(timedelta(0))
    drop_pointless_links()
    if not OutgoingEmail.objects.due().exists():
        return 0, 0  # without troubling the mail server
    connection = get_connection()
    try:
        while not is_stopped() and OutgoingEmail.objects.due().exists():
            pause = take_slot(pace())
            if pause > IDLE:
                connection.close()
            if pause > 0:
                wait(pause)
            if is_stopped() or (outcome := send_next(connection)) is None:
                break
            outcomes[outcome] += 1
            if outcome == FAILED:
                connection.close()  # the server may have hung up; the next message opens a new connection
    finally:
        connection.close()
    return outcomes[SENT], outcomes[FAILED]


def pace() -> timedelta:
    """The time between two messages."""
    times, seconds = settings.EMAIL_RATE
    return timedelta(seconds=seconds) / times


def take_slot(pause: timedelta) -> float:
    """Note that a sender is at work, and take the next moment to send at; returns the seconds until then.

    `pause` is the time that the next sender has to wait after it.
    """
    now = timezone.now()
    with database.cursor() as cursor:
        cursor.execute(TAKE_SLOT, {"now": now, "pause": pause})
        (slot,) = cursor.fetchone()
    return (slot - now).total_seconds()


def send_next(connection) -> str | None:
    """Send the message that is due longest, or drop it if it has lost its sense; None when none is due."""
    with transaction.atomic():
        email = OutgoingEmail.objects.due().select_for_update(skip_locked=True, of=("self",)).first()
        if email is None:
            return None
        if is_pointless(email):
            email.delete()
            return DROPPED
        if is_outdated(email):
            email.mark_dropped()
            email.save()
            return DROPPED
        try:
            with transaction.atomic():
                connection.open()  # once for all messages; a server that does not answer is this message's error
                message(email, connection).send()
        except Exception as error:
            email.mark_failed(timezone.now(), f"{type(error).__name__}: {error}", for_good=is_refused_for_good(error))
        else:
            email.mark_sent(timezone.now())
        email.save()
    return SENT if email.sent_at else FAILED


def drop_pointless_links() -> None:
    """Clear the outbox of searches for links that nobody has, at no cost to the pace of what is really sent."""
    with transaction.atomic():
        for email in OutgoingEmail.objects.due().filter(kind=Kind.LINK).select_for_update(skip_locked=True):
            if is_pointless(email):
                email.delete()


def is_pointless(email: OutgoingEmail) -> bool:
    """Whether its person was erased meanwhile, or links were asked for an address that has none or just got them."""
    if email.registration and email.registration.erased_at:
        return True
    if email.kind != Kind.LINK:
        return False
    since = email.created_at - LINKS_AFTER
    before = OutgoingEmail.objects.filter(links_to(email.to), created_at__gt=since, pk__lt=email.pk)
    return before.exists() or not messages.registrations_of(email.to).exists()


def is_outdated(email: OutgoingEmail) -> bool:
    """Whether the message would say what is not true any more.

    The first message about a standing goes out all the same, lest somebody hear nothing of what they did.
    """
    registration = email.registration
    if email.kind == Kind.NEW_ADDRESS:
        return email.to != registration.new_email
    if email.kind == Kind.ADDRESS_NOTICE:
        return email.to == registration.email and not registration.new_email
    if email.kind not in TRUE_FOR:
        return False
    if email.kind == Kind.CONFIRM and registration.holds_a_place:
        return True
    if email.kind == Kind.REMINDER and email.registration.event.has_started:
        return True
    is_first_attempt = not email.attempts and not email.is_sent_again
    if is_first_attempt and email.kind != Kind.REMINDER:
        return False
    return email.registration.status not in TRUE_FOR[email.kind]


def is_refused_for_good(error: Exception) -> bool:
    """Whether the mail server said that it will never take this message (RFC 5321: a code from 500 up).

    What it has against the sender, the log-in or the site's reputation is not about this message and can be put
    right, wherever in the dialogue it says so.
    """
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=recipients):
            answers = list(recipients.values())
        case smtplib.SMTPDataError(smtp_code=code, smtp_error=text):
            answers = [(code, text)]
        case UnicodeError() | BadHeaderError() | HeaderParseError():
            return True  # no server could take it
        case _:
            return False
    return all(code >= 500 and not CAN_BE_PUT_RIGHT.search(text) for code, text in answers)


def message(email: OutgoingEmail, connection=None) -> EmailMultiAlternatives:
    """The message to send for this row of the outbox. Writes its words on the row the first time, unsaved.

    A personal link opens the registration for whoever reads it, so a message goes to the address that the
    person has when it is written, not to the one they had when it was queued.
    """
    registration = email.registration
    address = address_of(email)
    if address != email.to or not email.text:
        email.to = address
        email.subject, email.text, email.html = messages.written(email)
    message = EmailMultiAlternatives(
        subject=email.subject,
        body=email.text,
        to=[email.to],
        reply_to=[contact] if (contact := messages.contact(email)) else None,
        headers={
            "Message-ID": email.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": email.language,
        },
        connection=connection,
    )
    message.attach_alternative(email.html, "text/html")
    email.calendar_method = calendar_method(email)
    if email.calendar_method:
        message.attach(calendar_part(registration, email.language, email.calendar_method))
    return message


def address_of(email: OutgoingEmail) -> str:
    """Where the message goes: links, to the address as it was registered, never as it was typed to find them."""
    if email.kind == Kind.LINK:
        return messages.registrations_of(email.to).order_by("-pk")[0].email
    if email.registration is None or email.kind in FOR_ONE_ADDRESS:
        return email.to
    return email.registration.email


def calendar_method(email: OutgoingEmail) -> str:
    """Whether this message puts the event into the reader's calendar, takes it out again, or does neither."""
    if email.kind not in WITH_CALENDAR:
        return ""
    if email.registration.holds_a_place:
        return PUBLISH
    before = email.registration.emails.filter(sent_at__isnull=False).exclude(calendar_method="").order_by("-sent_at")
    return CANCEL if before.values_list("calendar_method", flat=True).first() == PUBLISH else ""


def calendar_part(registration: Registration, language: str, method: str) -> MIMEText:
    """The event's calendar file in `language`, as a part of a message."""
    event = registration.event
    with translation.override(language):
        url = messages.absolute_url(event.get_absolute_url())
        calendar = event_calendar(event, url=url, method=method, changed_at=registration.status_changed_at)
    part = MIMEText(calendar.decode(), "calendar", "utf-8")
    part.set_param("method", method)
    part.add_header("Content-Disposition", "attachment", filename=f"{event.slug}.ics")
    return part
