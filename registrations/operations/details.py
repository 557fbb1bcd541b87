"""What people gave: changing it, and the address that their link goes to."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from conference.models import Event, Topic
from registrations import audit, emails
from registrations.models import OutgoingEmail, Registration
from registrations.operations.choices import take_answers
from registrations.operations.line import give_place, live_registration, move, reread, settle
from registrations.operations.lock import AlreadyRegistered, Refused, locked

Kind = OutgoingEmail.Kind

# So many messages may one registration send to new addresses in this time: the form must not serve to pester strangers.
NEW_ADDRESSES, WITHIN = 3, timedelta(hours=1)


def change(registration: Registration, *, values: Mapping[str, object], topics: Iterable[Topic], email: str) -> bool:
    """Change what the person gave, by their own link, and tell them by e-mail. False if nothing is different.

    `values` are the new values of the registration's fields but the address, `topics` and `email` the new ones;
    the answers among the values join those that stand, and None takes one out.
    A new address is only kept in mind: the link to confirm it goes there, and a notice to the old one. So a
    mistyped address locks nobody out, and nobody learns here whether an address is registered.

    Raises Refused when the time for changes is over or too many new addresses were tried, and ChoiceFull.
    """
    values = dict(values)
    answers = values.pop("answers", {})
    with locked(registration.event) as event:
        registration.refresh_from_db(fields=list(values))
        reread(registration)
        registration.event = event
        if not registration.can_be_changed:
            raise Refused(_("The time for changes is over. Please write to the organisers."))
        has_new_answers = take_answers(registration, event, answers, by=None)
        changed = store(registration, values, topics, by=None) or has_new_answers
        if changed:
            emails.queue(registration, Kind.CHANGED)
        asks_for_new_address = email not in (registration.email, registration.new_email)
        if asks_for_new_address:
            refuse_too_many_addresses(registration)
            store(registration, {"new_email": email}, by=None)
            emails.queue(registration, Kind.NEW_ADDRESS, to=email)
            emails.queue(registration, Kind.ADDRESS_NOTICE)
        elif registration.new_email and email == registration.email:
            store(registration, {"new_email": ""}, by=None)
    return changed or asks_for_new_address


def store(
    registration: Registration, values: Mapping[str, object], topics: Iterable[Topic] | None = None, *, by: audit.By
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
    audit.record(registration, changes, by)
    return bool(changes)


def correct(
    registration: Registration,
    *,
    values: Mapping[str, object],
    topics: Iterable[Topic] | None = None,
    by: audit.By,
) -> bool:
    """Correct what an organiser's form changed, and nothing else. False if nothing is different by now.

    `values` are the new values of the changed fields; a new “email” counts at once, as in `change_address`, and
    “answers” holds the changed ones only, None for one taken back. `topics` is None when they are not changed.
    Raises AlreadyRegistered, ChoiceFull, Busy, or Refused when the person was erased meanwhile.
    """
    with locked(registration.event) as event:
        registration.refresh_from_db(fields=[*values])
        reread(registration)
        values = dict(values)
        email = values.pop("email", registration.email)
        has_new_answers = take_answers(registration, event, values.pop("answers", {}), by=by)
        changed = store(registration, values, topics, by=by) or has_new_answers
        if email == registration.email:
            return changed
        change_address(registration, email, by=by)
    return True


def refuse_too_many_addresses(registration: Registration) -> None:
    lately = registration.emails.filter(kind=Kind.NEW_ADDRESS, created_at__gt=timezone.now() - WITHIN)
    if lately.count() >= NEW_ADDRESSES:
        raise Refused(_("The address was changed several times just now. Please wait an hour before the next change."))


def take_new_address(registration: Registration, email: str) -> bool:
    """Make the new address `email` the registration's own, by the link that was sent there. The old link stops working.

    It confirms the address, so a place that is still held for the person is theirs. Returns False if that is not
    the new address (any more). Raises AlreadyRegistered when it has a live registration of its own.
    """
    with locked(registration.event) as event:
        settle(event)
        reread(registration)
        if registration.new_email != email:
            return False
        refuse_taken(registration, event, email)
        registration.email_confirmed_at = timezone.now()
        take_over(registration, email, by=None)
        if registration.is_pending:
            move(registration, give_place, by=None)
        emails.queue_standing(registration)
    return True


def change_address(registration: Registration, email: str, *, by: audit.By = None) -> None:
    """Give the registration another e-mail address at once, as organisers do, and send the new personal link there.

    The old link stops working. What is not sent yet goes to the new address too. Raises AlreadyRegistered or Busy.
    """
    with locked(registration.event) as event:
        reread(registration)
        refuse_taken(registration, event, email)
        take_over(registration, email, by=by)
        emails.queue_standing(registration)


def take_over(registration: Registration, email: str, *, by: audit.By) -> None:
    store(registration, {"email": email}, by=by)
    registration.new_email = ""
    registration.save(update_fields=["new_email", "email_confirmed_at"])


def refuse_taken(registration: Registration, event: Event, email: str) -> None:
    other = live_registration(event, email)
    if other and other != registration and not registration.is_cancelled:
        raise AlreadyRegistered(other)


def send_link_again(registration: Registration) -> OutgoingEmail:
    """Queue the message that tells how the registration stands, with the personal link. Raises Refused if erased."""
    with locked(registration.event):
        reread(registration)
        return emails.queue_standing(registration)
