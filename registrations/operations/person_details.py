"""Changing what a person entered, and the address that their personal link is sent to."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.models import Topic
from registrations import audit
from registrations.mail import outbox
from registrations.models import OutgoingEmail, OutgoingEmailQuerySet, Registration
from registrations.operations.answer_updates import update_answers
from registrations.operations.exceptions import AddressNeeded, NoAddress, OperationError
from registrations.operations.locking import lock_coming_event, lock_event, refresh
from registrations.operations.status import refuse_other_persons_identity, set_status
from registrations.operations.waiting_list import fill_free_places
from registrations.tickets.ticket_codes import generate_ticket_code

Kind = OutgoingEmail.Kind

# How many e-mails to new addresses one registration may send in a period, so that nobody pesters strangers with them.
MAX_NEW_ADDRESSES, NEW_ADDRESS_PERIOD = 3, timedelta(hours=1)


def change_details(registration: Registration, *, values: Mapping, topics: Iterable[Topic] | None, email: str) -> bool:
    """Save the person's own changes and confirm them by e-mail. Returns False if nothing is different.

    `values` are those of the form's fields except the address; “answers” in it are for `update_answers`. `topics` is
    None if they were not asked. A new address is only remembered until it is confirmed: so a typo locks nobody out, and
    nobody learns whether an address is registered. Raises OperationError when it is too late for changes or too many
    new addresses were tried, ChoiceFull, and AlreadyRegistered if somebody with this name has registered with the same
    address.
    """
    values = dict(values)
    answers = values.pop("answers", {})
    with lock_coming_event(registration.event) as event:
        refresh(registration, *values)
        registration.event = event
        if not registration.can_be_changed:
            raise OperationError(_("It is too late to change this here. Please write to the organisers."))
        refuse_other_persons_identity(registration, event, values)
        has_new_answers = update_answers(registration, event, answers, by=None)
        changed = save_changes(registration, values, topics, by=None) or has_new_answers
        if changed:
            outbox.queue(registration, Kind.CHANGED)
        return remember_new_address(registration, email) or changed


def remember_new_address(registration: Registration, email: str) -> bool:
    """Save the address, and queue a link to confirm it and a notice to the old one. False if it is not a new one."""
    if registration.new_email and email == registration.email:
        save_changes(registration, {"new_email": ""}, by=None)
    if email == registration.email:
        return False
    links = registration.emails.filter(kind=Kind.NEW_ADDRESS)
    has_enough = links.filter(created_at__gt=Now() - NEW_ADDRESS_PERIOD).count() >= MAX_NEW_ADDRESSES
    if email == registration.new_email:  # as the form has it, whatever else is changed
        return not has_enough and repeat_lost_link(registration, links)
    if has_enough:
        raise OperationError(
            _("The address has just been changed several times. Please wait an hour before changing it again.")
        )
    save_changes(registration, {"new_email": email}, by=None)
    registration.use_next_new_link()
    registration.save(update_fields=["new_link_version"])
    outbox.queue(registration, Kind.NEW_ADDRESS, to=email)
    outbox.queue(registration, Kind.ADDRESS_NOTICE)
    return True


def repeat_lost_link(registration: Registration, links: OutgoingEmailQuerySet) -> bool:
    """Queue the link to the new address once more if the last one was refused, or dropped (mailbox_limit.py).

    Returns False if it was sent or waits.
    """
    last = links.order_by("pk").last()
    if last and (last.sent_at or last.next_attempt_at):
        return False
    outbox.queue(registration, Kind.NEW_ADDRESS, to=registration.new_email)
    return True


def correct_details(
    registration: Registration, *, values: Mapping, topics: Iterable[Topic] | None = None, by: audit.ChangedBy
) -> bool:
    """Save what an organiser changed in the form, and nothing else. Returns False if nothing is different by now.

    `values` has the changed fields; “answers” are for `update_answers`. `topics` is None if they were not changed. A
    new “email” takes effect at once: the personal link and unsent e-mails go there, and the old link stops working.
    With a new name too, somebody else gets the place, and the old ticket stops working. Without an address, no e-mail
    is sent any more. Raises AlreadyRegistered, AddressNeeded if a held place is to be confirmed with the
    address, ChoiceFull, Busy, or OperationError if the person has been erased.
    """
    with lock_event(registration.event) as event:
        refresh(registration, *values)
        values = dict(values)
        refuse_other_persons_identity(registration, event, values)
        if registration.is_pending and not values.get("email", registration.email):
            raise AddressNeeded
        name, address = registration.full_name, registration.email
        has_new_answers = update_answers(registration, event, values.pop("answers", {}), by=by)
        changed = save_changes(registration, values, topics, by=by) or has_new_answers
        if registration.email != address:
            replace_link_with_address(registration)
            if registration.full_name != name:
                replace_ticket(registration)
            outbox.queue_status_email(registration)
    return changed


def replace_ticket(registration: Registration) -> None:
    """Give somebody who gets another person's place a ticket that this person does not have."""
    registration.ticket_code = generate_ticket_code()
    registration.save(update_fields=["ticket_code"])


def save_changes(
    registration: Registration, values: Mapping, topics: Iterable[Topic] | None = None, *, by: audit.ChangedBy
) -> bool:
    """Save and log what is different from the fields, read under the lock. Returns False if nothing was different."""
    pairs = {name: (getattr(registration, name), new) for name, new in values.items()}
    changes = {name: (old, new) for name, (old, new) in pairs.items() if old != new}
    for name, (_old, new) in changes.items():
        setattr(registration, name, new)
    registration.save(update_fields=list(changes))
    if topics is not None:
        chosen, topics = list(registration.topics.all()), sorted(topics, key=lambda topic: (topic.position, topic.pk))
        if set(chosen) != set(topics):
            registration.topics.set(topics)
            changes[audit.TOPICS] = chosen, topics
    audit.log_changes(registration, changes, by)
    return bool(changes)


def confirm_new_address(registration: Registration, email: str) -> bool:
    """Make `email` the address and a held place confirmed. False if it is not the new one. Raises AlreadyRegistered."""
    with lock_event(registration.event) as event:
        fill_free_places(event)
        refresh(registration)
        if registration.new_email != email:
            return False
        refuse_other_persons_identity(registration, event, {"email": email})
        registration.email_confirmed_at = timezone.now()
        save_changes(registration, {"email": email}, by=None)
        replace_link_with_address(registration)
        if registration.is_pending:
            set_status(registration, Registration.Status.CONFIRMED, by=None)
        outbox.queue_status_email(registration)
    return True


def replace_link_with_address(registration: Registration) -> None:
    """Let the personal link follow the address, which has just been replaced. Saves what is about both."""
    if registration.email and registration.email == registration.new_email:
        registration.link_version = registration.new_link_version
    else:
        registration.use_next_link()
    registration.new_email = ""
    registration.save(update_fields=["new_email", "link_version", "email_confirmed_at"])


def replace_link(registration: Registration) -> OutgoingEmail | None:
    """E-mail a new personal link; without an address, organisers print it. Every earlier one stops working, and so does
    one to a new address: who had the link may have entered it. Raises Busy, or OperationError if erased.
    """
    with lock_event(registration.event):
        refresh(registration)
        save_changes(registration, {"new_email": ""}, by=None)
        registration.use_next_link()
        registration.save(update_fields=["link_version"])
        return outbox.queue_status_email(registration)


def resend_link(registration: Registration) -> OutgoingEmail:
    """Queue the e-mail about the status, with the personal link. Raises NoAddress, or OperationError if erased."""
    with lock_event(registration.event):
        refresh(registration)
        if not registration.email:
            raise NoAddress
        return outbox.queue_status_email(registration)
