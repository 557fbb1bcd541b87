"""What has become of a message by its turn: another one may tell the same, or what it tells may be no longer so."""

from datetime import timedelta

from django.db.models import Q

from conference.database_clock import read_database_clock
from registrations.mail.account_emails import find_accounts, find_invited
from registrations.mail.content import find_registrations
from registrations.models import REQUEST_KINDS, OutgoingEmail, Registration

Kind = OutgoingEmail.Kind
Status = Registration.Status

# The message that tells how a registration stands.
STATUS_KINDS = {
    Status.PENDING: Kind.CONFIRM,
    Status.CONFIRMED: Kind.REGISTERED,
    Status.WAITLISTED: Kind.WAITLISTED,
    Status.CANCELLED: Kind.CANCELLED,
}
# For which statuses a message that has to do with them is true.
VALID_STATUSES = {
    Kind.CONFIRM: {Status.PENDING},
    Kind.REGISTERED: {Status.CONFIRMED},
    Kind.PROMOTED: {Status.PENDING, Status.CONFIRMED},
    Kind.WAITLISTED: {Status.WAITLISTED},
    Kind.CANCELLED: {Status.CANCELLED},
    Kind.CHANGED: {Status.PENDING, Status.CONFIRMED, Status.WAITLISTED},
    Kind.ALREADY_REGISTERED: {Status.PENDING, Status.CONFIRMED, Status.WAITLISTED},
    Kind.REMINDER: {Status.CONFIRMED},
    Kind.EVENT_CANCELLED: {Status.PENDING, Status.CONFIRMED, Status.WAITLISTED},
    Kind.EVENT_RESTORED: {Status.PENDING, Status.CONFIRMED, Status.WAITLISTED},
}
EVENT_KINDS = {Kind.EVENT_CANCELLED, Kind.EVENT_RESTORED}
STATUS_TELLING_KINDS = {*STATUS_KINDS.values(), Kind.PROMOTED, *EVENT_KINDS}
# Links are sent to an address no more often than this, whoever asks for them.
LINK_INTERVAL = timedelta(minutes=10)
# What was sent or will be: all but what was given up or dropped.
IS_SENT_OR_WAITING = Q(sent_at__isnull=False) | Q(next_attempt_at__isnull=False)


def is_obsolete(email: OutgoingEmail) -> bool:
    """Whether its person was erased meanwhile, an invitation was withdrawn or accepted, or links were asked for an
    address that has none or just got them.
    """
    if email.registration and email.registration.erased_at:
        return True
    if email.kind == Kind.INVITATION:
        return not find_invited(email.to)
    if email.kind not in REQUEST_KINDS:
        return False
    is_recent = Q(sent_at__isnull=False, created_at__gt=email.created_at - LINK_INTERVAL)
    is_waiting = Q(next_attempt_at__isnull=False)
    requests = OutgoingEmail.objects.requested_for(email.to, email.kind)
    if requests.filter(is_recent | is_waiting, pk__lt=email.pk).exists():
        return True
    return not (find_registrations if email.kind == Kind.LINK else find_accounts)(email.to)


def get_effective_kind(email: OutgoingEmail) -> str:
    """Which message to send in the place of this one: nearly always itself; empty for none.

    None when another tells the same later, what it asks is over, or the person no longer has an address. A message that
    became untrue without another after it becomes the true one; but a silent cancellation stays silent, and what is
    resent goes out as it is or not at all.
    """
    registration = email.registration
    if not email.recipient:
        return ""
    if email.kind == Kind.NEW_ADDRESS:
        return email.kind if email.to == registration.new_email else ""
    if email.kind == Kind.ADDRESS_NOTICE:
        return email.kind if email.to != registration.email or registration.new_email else ""
    if email.kind not in VALID_STATUSES:
        return email.kind
    if email.kind == Kind.REMINDER:
        is_upcoming = not registration.event.is_cancelled and read_database_clock() < registration.event.starts_at
        return email.kind if registration.is_confirmed and is_upcoming else ""
    # By number, as the clocks of two machines differ.
    is_later = Q(due_since__gt=email.due_since) if email.is_resent else Q(pk__gt=email.pk)
    later = registration.emails.filter(is_later).exclude(pk=email.pk)
    tells_it = Q(kind__in=STATUS_TELLING_KINDS) | Q(kind=email.kind)
    if later.filter(IS_SENT_OR_WAITING, tells_it).exists():
        return ""
    if not registration.is_cancelled and (email.kind in EVENT_KINDS or registration.event.is_cancelled):
        return get_kind_about_event(email)
    if registration.status in VALID_STATUSES[email.kind]:
        return email.kind
    is_silent = registration.is_cancelled and not registration.has_expired_hold
    if is_silent or email.is_resent or later.waiting().filter(kind__in=VALID_STATUSES).exists():
        return ""
    return STATUS_KINDS[registration.status]


def get_kind_about_event(email: OutgoingEmail) -> str:
    """Which message to send to somebody whose event is cancelled, or takes place after all; empty for none.

    Who was never sent the cancellation needs nothing after it, but for the message that was dropped in its favour.
    """
    if email.registration.event.is_cancelled:
        is_changed = email.is_resent and email.kind != Kind.EVENT_CANCELLED
        return "" if is_changed or email.kind == Kind.EVENT_RESTORED else Kind.EVENT_CANCELLED
    earlier = email.registration.emails.filter(pk__lt=email.pk).order_by("-pk")
    last_sent = earlier.filter(kind__in=EVENT_KINDS, sent_at__isnull=False).first()
    if last_sent and last_sent.kind == Kind.EVENT_CANCELLED:
        return Kind.EVENT_RESTORED
    last_told = earlier.filter(kind__in=STATUS_TELLING_KINDS - EVENT_KINDS).first()
    is_untold = last_told and last_told.sent_at is None and not last_told.last_error
    return STATUS_KINDS[email.registration.status] if is_untold else ""
