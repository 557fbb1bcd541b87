"""Erasing a person."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from registrations import audit, operations
from registrations.models import Change, ImportDraft, OutgoingEmail, OutgoingEmailQuerySet, Registration
from registrations.models.registration import generate_unused_reference
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
            found = [registration]
            for one in found:  # grows: merged registrations may have others merged with them
                found += [other for other in find_same_person(one) if other not in found]
            for one in found:
                erase_data(one)
            ImportDraft.objects.filter(event=event).delete()  # an uploaded list may include the person
            operations.fill_free_places(event)


def find_same_person(registration: Registration) -> list[Registration]:
    """Return the event's registrations with the same address, and those that were merged with this one."""
    people, merged = registration.event.registrations.not_erased(), registration.changes.filter(field=audit.MERGED)
    return [*people.with_email(registration.email), *people.filter(reference__in=merged.values("new"))]


def find_emails(registration: Registration) -> OutgoingEmailQuerySet:
    """Return every e-mail about the person, also those to an earlier address."""
    return OutgoingEmail.objects.about(registration) | OutgoingEmail.objects.with_link_to(registration)


def erase_data(registration: Registration) -> None:
    """Erase this registration's data. Requires the locks of `erase_person`."""
    if not (registration.event.has_ended or registration.is_cancelled):
        operations.set_status(registration, Registration.Status.CANCELLED, by=None)
    find_emails(registration).update(**ERASED_VALUES[OutgoingEmail])
    registration.changes.update(**ERASED_VALUES[Change])
    registration.reference = generate_unused_reference()
    registration.erased_at = timezone.now()
    for name, value in ERASED_VALUES[Registration].items():
        setattr(registration, name, value)
    registration.save(update_fields=["reference", "erased_at", *ERASED_VALUES[Registration]])
    get_log_entries(registration).update(object_repr=registration.reference, change_message="")


def get_log_entries(registration: Registration):
    """Return the admin's log entries about this registration."""
    content_type = ContentType.objects.get_for_model(Registration)
    return LogEntry.objects.filter(content_type=content_type, object_id=str(registration.pk)).order_by("action_time")
