"""What people gave: changing it, and the address that their link goes to."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from conference.models import Event, Topic
from registrations import emails
from registrations.models import OutgoingEmail, Registration
from registrations.operations.choices import take_answers
from registrations.operations.line import STATUS_FIELDS, give_place, live_registration, reread, settle
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
        changed = {name: value for name, value in values.items() if getattr(registration, name) != value}
        topics = set(topics)
        has_new_topics = topics != set(registration.topics.all())
        has_new_answers = take_answers(registration, event, answers)
        is_changed = bool(changed or has_new_topics or has_new_answers)
        if is_changed:
            for name, value in changed.items():
                setattr(registration, name, value)
            registration.save(update_fields=changed)
            registration.topics.set(topics)
            emails.queue(registration, Kind.CHANGED)
        asks_for_new_address = email not in (registration.email, registration.new_email)
        if asks_for_new_address:
            refuse_too_many_addresses(registration)
            registration.new_email = email
            registration.save(update_fields=["new_email"])
            emails.queue(registration, Kind.NEW_ADDRESS, to=email)
            emails.queue(registration, Kind.ADDRESS_NOTICE)
        elif registration.new_email and email == registration.email:
            registration.new_email = ""
            registration.save(update_fields=["new_email"])
    return is_changed or asks_for_new_address


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
        registration.email, registration.new_email = email, ""
        registration.email_confirmed_at = timezone.now()
        if registration.is_pending:
            give_place(registration)
        registration.save(update_fields=["email", "new_email", *STATUS_FIELDS])
        emails.queue_standing(registration)
    return True


def change_address(registration: Registration, email: str) -> None:
    """Give the registration another e-mail address at once, as organisers do, and send the new personal link there.

    The old link stops working. What is not sent yet goes to the new address too. Raises AlreadyRegistered or Busy.
    """
    with locked(registration.event) as event:
        reread(registration)
        refuse_taken(registration, event, email)
        registration.email, registration.new_email = email, ""
        registration.save(update_fields=["email", "new_email"])
        emails.queue_standing(registration)


def refuse_taken(registration: Registration, event: Event, email: str) -> None:
    other = live_registration(event, email)
    if other and other != registration and not registration.is_cancelled:
        raise AlreadyRegistered(other)


def send_link_again(registration: Registration) -> OutgoingEmail:
    """Queue the message that tells how the registration stands, with the personal link. Raises Refused if erased."""
    with locked(registration.event):
        reread(registration)
        return emails.queue_standing(registration)
