"""How many messages an hour one mailbox gets from all that strangers can press together (MAILBOX_RATE_LIMIT).

Whatever the registration: somebody can register a person's address with many endings, change the addresses of many
registrations to it, and ask for its links. Decided when a message is sent, so that no page reveals it. What tells how a
registration stands is never lost: it waits for its turn. Notices that only repeat something get half of the limit, so
that they cannot keep the others waiting, and those that nobody needs later are dropped. Of many people who have one
address, all but the first few share that half.
"""

import re
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from registrations import rate_limit
from registrations.models import ACCOUNT_KINDS, OutgoingEmail, Registration

Kind = OutgoingEmail.Kind

# What organisers send, or the site by itself and once; and links for new passwords, which have a pause of their own.
UNLIMITED_KINDS = {Kind.MESSAGE, Kind.REMINDER, Kind.TEST, *ACCOUNT_KINDS}
NOTICE_KINDS = {Kind.LINK, Kind.NEW_ADDRESS, Kind.ALREADY_REGISTERED}
# The same mailboxes under two names, in which dots mean nothing.
GMAIL = {"gmail.com", "googlemail.com"}
# How long a message waits while another sender writes to the same mailbox.
PAUSE = timedelta(seconds=2)

LOCK_MAILBOX = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"


def fold_address(address: str) -> str:
    """Return the mailbox that mail to `address` arrives in, as far as that can be told: "Anna+1"@… is anna@…

    So many people are at Google that its rule counts, too: a.n.n.a@googlemail.com is anna@gmail.com.
    """
    name, _at, host = drop_ending(address).rpartition("@")
    return f"{name.replace('.', '')}@gmail.com" if host in GMAIL else f"{name}@{host}"


def drop_ending(address: str) -> str:
    """Return the address as its owner would write it: without quotes, capitals and what follows a “+”."""
    name, _at, host = address.lower().rpartition("@")
    if name.startswith('"'):  # RFC 5321 allows quotes, and backslashes in them, around what needs none
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return f"{name.partition('+')[0] or name}@{host}"


def get_limits(email: OutgoingEmail) -> dict[str, tuple[int, int]]:
    """Return the limits that this message counts for, by their scope; none for what no stranger can cause."""
    if email.kind in UNLIMITED_KINDS or email.is_bulk or email.is_resent:
        return {}
    times, seconds = settings.MAILBOX_RATE_LIMIT
    limits = {"mailbox": (times, seconds)}
    half = max(1, times // 2)
    is_spelling = drop_ending(email.recipient) != email.recipient.lower()
    shares_half = is_notice(email) or is_spelling or count_people_before(email) >= half
    return {**limits, "notices": (half, seconds)} if shares_half else limits


def is_notice(email: OutgoingEmail) -> bool:
    """Whether it tells nothing new: strangers can cause any number of them for one registration, or for none."""
    if email.kind != Kind.CONFIRM:
        return email.kind in NOTICE_KINDS
    return email.registration.emails.filter(kind=Kind.CONFIRM, sent_at__isnull=False).exclude(pk=email.pk).exists()


def count_people_before(email: OutgoingEmail) -> int:
    """Return how many other people had been registered with the address: strangers can make up any number of names."""
    registration = email.registration
    others = Registration.objects.with_email(registration.email).filter(pk__lt=registration.pk)
    return others.exclude(person_key=registration.person_key).values("person_key").distinct().count()


def holds_back(email: OutgoingEmail) -> bool:
    """Whether this message, claimed for sending, must not go out now. Then it waits or is dropped; the caller saves.

    Until the transaction ends, no other sender writes to the mailbox.
    """
    if not (limits := get_limits(email)):
        return False
    mailbox = fold_address(email.recipient)
    if not lock_mailbox(mailbox):
        email.next_attempt_at = Now() + PAUSE
        return True
    seconds = max(rate_limit.get_wait(rate_limit.Limit(scope, mailbox, *limit)) for scope, limit in limits.items())
    if seconds:
        if email.kind in (Kind.LINK, Kind.CONFIRM) or not is_notice(email):  # it is needed later
            email.next_attempt_at = Now() + timedelta(seconds=seconds)
        else:
            email.next_attempt_at = email.entered = None
    return seconds > 0


def lock_mailbox(mailbox: str) -> bool:
    """Whether no other sender writes to this mailbox; none will until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_MAILBOX, [f"mailbox-{mailbox}"])
        return cursor.fetchone()[0]


def count_sent(email: OutgoingEmail) -> None:
    """Count a message that `holds_back` let pass and the mail server accepted, in the same transaction."""
    for scope, limit in get_limits(email).items():
        rate_limit.count(scope, fold_address(email.to), limit)
