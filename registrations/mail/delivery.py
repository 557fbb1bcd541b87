"""How e-mail gets out: written when it is sent, at a set pace, and tried until it arrives."""

import re
import smtplib
import time
from collections import Counter
from collections.abc import Callable
from email.errors import HeaderParseError
from email.mime.text import MIMEText

from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection
from django.db import connection as database
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import translation

from conference.calendar import CANCEL, PUBLISH, render_calendar
from conference.database_clock import read_database_clock
from conference.site_urls import absolute_url
from conference.text.email_addresses import get_stored_spelling
from registrations.mail import content, mailbox_limit, pacing
from registrations.mail.account_emails import find_accounts
from registrations.mail.staleness import VALID_STATUSES, get_effective_kind, is_obsolete
from registrations.mail.ticket_picture import IllustratedEmail, build_picture, has_ticket
from registrations.models import REQUEST_KINDS, OutgoingEmail, Registration

Kind = OutgoingEmail.Kind

# What came of a message that was due.
SENT, FAILED, DROPPED, HELD_BACK = "sent", "failed", "dropped", "held back"

# What a server answers when it objects to the site, which can be put right: RFC 3463's 5.7 (policy), or in words.
SITE_PROBLEM = re.compile(rb"^5\.7\.|relay|authenticat", re.IGNORECASE)
# Longer than this (in seconds) no connection to a mail server is kept idle.
MAX_IDLE_SECONDS = 5

LOCK_RECIPIENT = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"


def send_due(
    is_stopped: Callable[[], bool] = lambda: False, wait: Callable[[float], object] = time.sleep
) -> tuple[int, int]:
    """Send every message that is due until `is_stopped`; returns how many were sent and how many failed.

    All senders share the pace of EMAIL_RATE, by calling `wait` with seconds. There can be any number of them: each
    message has a transaction and is claimed by locking its row, and a process that dies gives its row back. Only the
    message that was under way then can be sent twice. While the mail server takes nothing, no message is touched.
    """
    outcomes = Counter()
    pacing.note_run()
    drop_obsolete_link_requests()
    if not OutgoingEmail.objects.due().exists() or pacing.is_server_left_alone():
        return 0, 0  # without troubling the mail server
    connection = get_connection()
    try:
        while not is_stopped() and OutgoingEmail.objects.due().exists():
            if (pause := pacing.take_slot()) is not None:
                if pause > MAX_IDLE_SECONDS:
                    connection.close()
                wait(pause)
                continue
            connection.open()  # once for all messages
            if (outcome := send_next_allowed(connection)) is None:
                break
            pacing.note_answer()
            outcomes[outcome] += 1
            if outcome == FAILED:
                connection.close()  # the server may have hung up; the next message opens a new connection
    except OSError as error:  # what the database says is none
        pacing.note_outage(error)
    finally:
        connection.close()
    return outcomes[SENT], outcomes[FAILED]


def send_next_allowed(connection) -> str | None:
    """Send the next message that is not held back, so that those that are cost nothing of the pace."""
    while (outcome := send_next(connection)) == HELD_BACK:
        pass
    return outcome


def send_next(connection) -> str | None:
    """Send the message that is due longest, put right or dropped if things have changed; None when none is due.

    Raises OSError if the mail server takes no message at all from this site; then this one stays as it is.
    """
    with transaction.atomic():
        email = claim_next()
        if email is None:
            return None
        if is_obsolete(email):
            email.delete()
            return DROPPED
        kind = get_effective_kind(email)
        if not kind:
            email.next_attempt_at, email.last_error, email.entered = None, "", None
            email.save()
            return DROPPED
        email.kind = kind
        if mailbox_limit.holds_back(email):
            email.save()
            return HELD_BACK
        try:
            with transaction.atomic():
                build_message(email, connection).send()
        except Exception as error:
            if is_sender_refused(error):
                raise
            now, reason = read_database_clock(), f"{type(error).__name__}: {error}"
            email.mark_failed(now, reason, for_good=is_permanent_refusal(error))
            email.refresh_from_db(fields=["calendar_method"])  # what the reader was sent is as it was
        else:
            email.mark_sent(read_database_clock())
            mailbox_limit.count_sent(email)
        email.save()
    return SENT if email.sent_at else FAILED


def claim_next() -> OutgoingEmail | None:
    """The message that is due longest and whose person no other sender writes to, locked until the transaction ends."""
    # Two messages to one person at once could arrive in the wrong order, and neither would know of the other.
    due = OutgoingEmail.objects.due().select_for_update(skip_locked=True, of=("self",))
    busy = []
    while email := due.exclude(registration__in=busy).first():
        if email.registration_id is None or lock_recipient(email.registration_id):
            return email
        busy.append(email.registration_id)
    return None


def lock_recipient(registration_id: int) -> bool:
    """Whether no other sender writes to this registration's person; none will until the transaction ends."""
    with database.cursor() as cursor:
        cursor.execute(LOCK_RECIPIENT, [f"email-to-{registration_id}"])
        return cursor.fetchone()[0]


def drop_obsolete_link_requests() -> None:
    """Clear the outbox of requests for links that nobody has, at no cost to the pace of what is really sent."""
    with transaction.atomic():
        for email in OutgoingEmail.objects.due().filter(kind__in=REQUEST_KINDS).select_for_update(skip_locked=True):
            if is_obsolete(email):
                email.delete()


def is_sender_refused(error: Exception) -> bool:
    """Whether the mail server takes nothing from this site's address now, whoever it is to and whatever it says."""
    too_large = 552
    return isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code != too_large


def is_permanent_refusal(error: Exception) -> bool:
    """Whether the mail server said that it will never take this message (RFC 5321: a code from 500 up)."""
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=recipients):
            answers = list(recipients.values())
        case smtplib.SMTPDataError(smtp_code=code, smtp_error=text):
            answers = [(code, text)]
        case UnicodeError() | BadHeaderError() | HeaderParseError():
            return True  # no server could take it
        case _:
            return False
    return all(code >= 500 and not SITE_PROBLEM.search(text) for code, text in answers)


def build_message(email: OutgoingEmail, connection=None) -> IllustratedEmail:
    """The message to send for this row of the outbox, as things stand now. Writes its words on the row, unsaved."""
    if email.kind == Kind.LINK:  # to the address as it was registered, never as it was typed to find the links
        email.to = content.find_registrations(email.to).order_by("-pk")[0].email
    elif email.kind == Kind.PASSWORD_RESET:
        email.to = find_accounts(email.to)[0].email
    else:
        email.to = email.recipient
    email.subject, email.text, email.html = content.render_email(email)
    message = IllustratedEmail(
        subject=email.subject,
        body=email.text,
        to=[get_stored_spelling(email.to)],  # Django encodes domains by IDNA 2003, which leads to other hosts
        reply_to=[get_stored_spelling(contact)] if (contact := content.get_reply_to(email)) else None,
        headers={
            "Message-ID": email.message_id,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",  # Exchange looks at this instead
            "Content-Language": email.language,
        },
        connection=connection,
    )
    message.attach_alternative(email.html, "text/html")
    if has_ticket(email.html, email.registration):
        message.pictures = (build_picture(email.registration),)
    email.calendar_method = ""
    if email.kind in VALID_STATUSES or (email.kind == Kind.MESSAGE and email.mailing.has_calendar):
        attach_calendar(message, email)
    if email.kind in (Kind.PASSWORD_RESET, Kind.INVITATION):
        # Who can read the outbox must not get into an account with it.
        email.text = email.html = ""
    return message


def attach_calendar(message: EmailMultiAlternatives, email: OutgoingEmail) -> None:
    """Attach a file that puts the event into the calendar of who has a place, or out of who had one. Notes which."""
    registration, event = email.registration, email.registration.event
    others = registration.emails.exclude(pk=email.pk).exclude(calendar_method="")
    in_order = others.order_by(Coalesce("sent_at", "due_since"), "pk")  # what is to be sent again has been sent
    before = list(in_order.values_list("calendar_method", flat=True))
    # People may have taken the entry of a cancelled event from its page, or with a hold from the waiting list.
    if registration.is_confirmed and not event.is_cancelled:
        email.calendar_method = PUBLISH
    elif event.is_cancelled or (before and before[-1] == PUBLISH and not is_needed_by_others(registration)):
        email.calendar_method = CANCEL
    else:
        return
    with translation.override(email.language):
        url = absolute_url(event.get_absolute_url())
        calendar = render_calendar(event, url=url, method=email.calendar_method, sent_before=len(before))
    part = MIMEText(calendar.decode(), "calendar", "utf-8")
    part.set_param("method", email.calendar_method)
    part.add_header("Content-Disposition", "attachment", filename=f"{event.slug}.ics")
    message.attach(part)


def is_needed_by_others(registration: Registration) -> bool:
    """Whether somebody else with a place has this address: people who share a mailbox share its calendar, too."""
    people = registration.event.registrations.filter(status=Registration.Status.CONFIRMED)
    return people.with_email(registration.email).exclude(pk=registration.pk).exists()
