"""What people gave: changing it, and the address that their link goes to."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from conference.models import Event, Topic
from registrations import audit
from registrations.mail import outbox
from registrations.models import OutgoingEmail, Registration
from registrations.operations.choice_limits import update_answers
from registrations.operations.locking import AlreadyRegistered, OperationError, lock_event
from registrations.operations.waiting_list import (
    fill_free_places,
    find_live_registration,
    mark_confirmed,
    refresh,
    set_status,
)

Kind = OutgoingEmail.Kind

# So many messages may one registration send to new addresses in this time: the form must not serve to pester strangers.
MAX_NEW_ADDRESSES, NEW_ADDRESS_PERIOD = 3, timedelta(hours=1)


def change_details(
    registration: Registration, *, values: Mapping[str, object], topics: Iterable[Topic], email: str
) -> bool:
    """Change what the person gave, by their own link, and tell them by e-mail. False if nothing is different.

    `values` are the new values of the registration's fields but the address, `topics` and `email` the new ones;
    the answers among the values join those that stand, and None takes one out.
    A new address is only kept in mind: the link to confirm it goes there, and a notice to the old one. So a
    mistyped address locks nobody out, and nobody learns here whether an address is registered.

    Raises Refused when the time for changes is over or too many new addresses were tried, and ChoiceFull.
    """
    values = dict(values)
    answers = values.pop("answers", {})
    with lock_event(registration.event) as event:
        registration.refresh_from_db(fields=list(values))
        refresh(registration)
        registration.event = event
        if not registration.can_be_changed:
            raise OperationError(_("The time for changes is over. Please write to the organisers."))
        has_new_answers = update_answers(registration, event, answers, by=None)
        changed = save_changes(registration, values, topics, by=None) or has_new_answers
        if changed:
            outbox.queue(registration, Kind.CHANGED)
        asks_for_new_address = email not in (registration.email, registration.new_email)
        if asks_for_new_address:
            refuse_too_many_addresses(registration)
            save_changes(registration, {"new_email": email}, by=None)
            outbox.queue(registration, Kind.NEW_ADDRESS, to=email)
            outbox.queue(registration, Kind.ADDRESS_NOTICE)
        elif registration.new_email and email == registration.email:
            save_changes(registration, {"new_email": ""}, by=None)
    return changed or asks_for_new_address


def save_changes(
    registration: Registration,
    values: Mapping[str, object],
    topics: Iterable[Topic] | None = None,
    *,
    by: audit.ChangedBy,
) -> bool:
    """Store those of `values` that are different, and the topics unless None; write down who did it.

    For callers who hold the event's lock and have read what they compare with. False if nothing was different.
    """
    old = {name: getattr(registration, name) for name in values}
    changes = {name: (old[name], value) for name, value in values.items() if old[name] != value}
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


def correct_details(
    registration: Registration,
    *,
    values: Mapping[str, object],
    topics: Iterable[Topic] | None = None,
    by: audit.ChangedBy,
) -> bool:
    """Correct what an organiser's form changed, and nothing else. False if nothing is different by now.

    `values` are the new values of the changed fields; a new “email” counts at once, as in `change_address`, and
    “answers” holds the changed ones only, None for one taken back. `topics` is None when they are not changed.
    Raises AlreadyRegistered, ChoiceFull, Busy, or Refused when the person was erased meanwhile.
    """
    with lock_event(registration.event) as event:
        registration.refresh_from_db(fields=[*values])
        refresh(registration)
        values = dict(values)
        email = values.pop("email", registration.email)
        has_new_answers = update_answers(registration, event, values.pop("answers", {}), by=by)
        changed = save_changes(registration, values, topics, by=by) or has_new_answers
        if email == registration.email:
            return changed
        change_address(registration, email, by=by)
    return True


def refuse_too_many_addresses(registration: Registration) -> None:
    lately = registration.emails.filter(kind=Kind.NEW_ADDRESS, created_at__gt=timezone.now() - NEW_ADDRESS_PERIOD)
    if lately.count() >= MAX_NEW_ADDRESSES:
        raise OperationError(
            _("The address was changed several times just now. Please wait an hour before the next change.")
        )


def confirm_new_address(registration: Registration, email: str) -> bool:
    """Make the new address `email` the registration's own, by the link that was sent there. The old link stops working.

    It confirms the address, so a place that is still held for the person is theirs. Returns False if that is not
    the new address (any more). Raises AlreadyRegistered when it has a live registration of its own.
    """
    with lock_event(registration.event) as event:
        fill_free_places(event)
        refresh(registration)
        if registration.new_email != email:
            return False
        refuse_taken_address(registration, event, email)
        registration.email_confirmed_at = timezone.now()
        apply_email(registration, email, by=None)
        if registration.is_pending:
            set_status(registration, mark_confirmed, by=None)
        outbox.queue_status_email(registration)
    return True


def change_address(registration: Registration, email: str, *, by: audit.ChangedBy = None) -> None:
    """Give the registration another e-mail address at once, as organisers do, and send the new personal link there.

    The old link stops working. What is not sent yet goes to the new address too. Raises AlreadyRegistered or Busy.
    """
    with lock_event(registration.event) as event:
        refresh(registration)
        refuse_taken_address(registration, event, email)
        apply_email(registration, email, by=by)
        outbox.queue_status_email(registration)


def apply_email(registration: Registration, email: str, *, by: audit.ChangedBy) -> None:
    save_changes(registration, {"email": email}, by=by)
    registration.new_email = ""
    registration.save(update_fields=["new_email", "email_confirmed_at"])


def refuse_taken_address(registration: Registration, event: Event, email: str) -> None:
    other = find_live_registration(event, email)
    if other and other != registration and not registration.is_cancelled:
        raise AlreadyRegistered(other)


def resend_link(registration: Registration) -> OutgoingEmail:
    """Queue the message that tells how the registration stands, with the personal link. Raises Refused if erased."""
    with lock_event(registration.event):
        refresh(registration)
        return outbox.queue_status_email(registration)
