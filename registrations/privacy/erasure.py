"""Erasing a person, and everybody's answers about dietary and access needs after an event."""

from datetime import datetime, timedelta

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import F, Func, JSONField, TextField, Value
from django.utils import timezone

from conference.models import Event
from registrations import audit, operations
from registrations.models import Change, ImportDraft, OutgoingEmail, OutgoingEmailQuerySet, Registration
from registrations.privacy.field_rules import ERASED_VALUES


def erase_person(registration: Registration) -> None:
    """Erase the personal data in the registration, its answers, its e-mails and the admin's log, permanently.

    The same happens to everything else registered for the event with the same address, such as earlier cancelled
    registrations, and to registrations that were merged with it. The rows stay without personal data, so that counts
    stay correct. Before the event's end, the place goes to the first on the waiting list. No e-mail is sent, as
    there is no address any more.

    Raises OperationError if the person is erased already, and Busy, also while an e-mail to them is being sent.
    """
    with operations.busy_on_lock_timeout(), transaction.atomic():
        # E-mails are locked before the event, because a mail server can be slow, and in order, to avoid deadlocks.
        list(find_emails(registration).select_for_update().order_by("pk").values_list("pk"))
        with operations.lock_event(registration.event) as event:
            operations.refresh(registration)
            people, found = registration.event.registrations.not_erased(), [registration]
            for one in found:  # grows: merged registrations may have others merged with them
                merged = one.changes.filter(field=audit.MERGED).values("new")
                same = people.with_email(one.email) | people.filter(reference__in=merged)
                found += [other for other in same if other not in found]
            for one in found:
                erase_data(one)
            ImportDraft.objects.filter(event=event).delete()  # an uploaded list may include the person
            operations.fill_free_places(event)


def find_emails(registration: Registration) -> OutgoingEmailQuerySet:
    """Return every e-mail about the person, also those to an earlier address."""
    return OutgoingEmail.objects.about(registration) | OutgoingEmail.objects.with_link_to(registration)


def erase_data(registration: Registration) -> None:
    """Erase this registration's data. Requires the locks of `erase_person`."""
    if not (registration.event.has_ended or registration.is_cancelled):
        operations.cancel_locked(registration)
    find_emails(registration).update(**ERASED_VALUES[OutgoingEmail])
    registration.changes.update(**ERASED_VALUES[Change])
    values = ERASED_VALUES[Registration] | {
        "reference": operations.generate_unused_reference(),
        "erased_at": timezone.now(),
    }
    for name, value in values.items():
        setattr(registration, name, value)
    registration.save(update_fields=values)
    get_log_entries(registration).update(object_repr=registration.reference, change_message="")


def get_log_entries(registration: Registration):
    """Return the admin's log entries about this registration."""
    content_type = ContentType.objects.get_for_model(Registration)
    return LogEntry.objects.filter(content_type=content_type, object_id=str(registration.pk)).order_by("action_time")


def erase_due_needs(now: datetime, *, dry_run: bool = False) -> dict[Event, int]:
    """Erase all answers about needs for events that ended long enough before `now` (UTC).

    Returns the number of registrations by event; `dry_run` only counts them. Repeating it is harmless. Raises Busy.
    """
    past = Event.objects.defer_long_texts().filter(ends_at__lte=now, questions__is_about_needs=True)
    due = [one for one in past.distinct().order_by("pk") if one.ends_at + timedelta(days=one.needs_kept_days) <= now]
    erased = {}
    for event in due:
        keys = list(event.questions.about_needs().values_list("key", flat=True))
        names = Value(keys, output_field=ArrayField(TextField()))
        others = Func(F("answers"), names, template="(%(expressions)s)", arg_joiner=" - ", output_field=JSONField())
        with operations.lock_event(event):  # otherwise an answer that is just being saved would restore them
            found = event.registrations.filter(answers__has_any_keys=keys)
            erased[event] = found.count() if dry_run else found.update(answers=others)
    return erased
