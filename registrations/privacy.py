"""What is held about a person: to take, and to erase. Every field has its rule here; a test finds those without.

After GDPR articles 15 and 20 (access, portability) and 17 (erasure).
"""

import re
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

# The part of a personal link that opens a registration.
LINK_TOKEN = re.compile(r"(?<=/r/)[^/\s]+")

# What people get in the file with their data.
EXPORTED_FIELDS = {
    Registration: [
        "reference",
        "first_name",
        "last_name",
        "email",
        "new_email",
        "organisation",
        "job_title",
        "country",
        "sector",
        "language",
        "status",
        "answers",
        "internal_note",
        "tags",
        "source",
        "consented_at",
        "created_at",
        "confirmed_at",
        "email_confirmed_at",
        "hold_until",
        "waiting_since",
        "cancelled_at",
        "checked_in_at",
    ],
    OutgoingEmail: [
        "kind",
        "language",
        "to",
        "subject",
        "text",
        "created_at",
        "sent_at",
        "attempts",
        "last_error",
    ],
    Change: ["changed_at", "actor", "field", "old", "new"],
}
# What they do not get, and why.
NOT_EXPORTED_FIELDS = {
    Registration: {
        "id": "a number of the database's own",
        "event": "told by its title",
        "topics": "told by their titles",
        "search_text": "the name, address, organisation and reference once more",
        "sort_name": "the name once more",
        "erased_at": "empty until there is nothing left to take",
    },
    OutgoingEmail: {
        "id": "a number of the database's own",
        "registration": "the one that the file is about",
        "mailing": "its words are in the text",
        "is_bulk": "the order of sending",
        "html": "says the same as the text",
        "calendar_method": "tells of the attached calendar file",
        "due_since": "the time of sending tells enough",
        "next_attempt_at": "the time of sending tells enough",
    },
    Change: {
        "id": "a number of the database's own",
        "registration": "the one that the file is about",
        "changed_by": "the organiser's account tells of the organiser",
    },
}
# What every field becomes when the person is erased.
ERASED_VALUES = {
    Registration: {
        "first_name": "",
        "last_name": "",
        "email": "",
        "new_email": "",
        "organisation": "",
        "job_title": "",
        "answers": {},
        "internal_note": "",
        "tags": [],
        "consented_at": None,
    },
    OutgoingEmail: {"to": "", "subject": "", "text": "", "html": "", "last_error": "", "next_attempt_at": None},
    Change: {"old": "", "new": ""},
}
# What stays, and why it tells of nobody any more.
KEPT_FIELDS = {
    Registration: {
        "id": "a number of the database's own",
        "event": "so that the event's counts stay true",
        "reference": "exchanged for a new one that nobody has seen",
        "country": "so that the counts stay true",
        "sector": "so that the counts stay true",
        "topics": "so that the counts stay true",
        "language": "so that the counts stay true",
        "status": "so that the counts stay true",
        "source": "so that the counts stay true",
        "created_at": "so that the counts stay true",
        "confirmed_at": "so that the counts stay true",
        "email_confirmed_at": "so that the counts stay true",
        "hold_until": "so that the counts stay true",
        "waiting_since": "so that the counts stay true",
        "cancelled_at": "so that the counts stay true",
        "checked_in_at": "so that the counts stay true",
        "erased_at": "that the person was erased",
        "search_text": "made anew by the database from the empty fields and the new reference",
        "sort_name": "made anew by the database from the empty name",
    },
    OutgoingEmail: {
        "id": "a number of the database's own",
        "registration": "the nameless row",
        "mailing": "what was written to everybody",
        "kind": "so that the counts stay true",
        "language": "so that the counts stay true",
        "is_bulk": "the order of sending",
        "calendar_method": "names nobody",
        "created_at": "so that the counts stay true",
        "due_since": "so that the counts stay true",
        "attempts": "so that the counts stay true",
        "sent_at": "so that the counts stay true",
    },
    Change: {
        "id": "a number of the database's own",
        "registration": "the nameless row",
        "changed_at": "that something was changed, not what",
        "actor": "names nobody",
        "changed_by": "the organiser's account tells of the organiser",
        "field": "names a field",
    },
}


def export_personal_data(registration: Registration) -> dict:
    """Everything that is held about this person, ready for JSON: titles in the active language, times in UTC.

    The secret part of links is left out: each was e-mailed to one address, to be had by its owner alone.
    """
    event = registration.event
    emails = OutgoingEmail.objects.about(registration).order_by("pk").values(*EXPORTED_FIELDS[OutgoingEmail])
    return {
        "event": {"title": str(event.title), "starts_at": event.starts_at, "ends_at": event.ends_at},
        "contact": event.contact_email,
        "registration": Registration.objects.filter(pk=registration.pk).values(*EXPORTED_FIELDS[Registration]).get(),
        "topics": [str(topic) for topic in registration.topics.all()],
        "answers": [{"question": question, "answer": answer} for question, answer in registration.list_answers()],
        "emails": [{name: redact_link(value) for name, value in email.items()} for email in emails],
        "changes": list(registration.changes.order_by("pk").values(*EXPORTED_FIELDS[Change])),
        "changes_by_organisers": [
            {"at": entry.action_time, "what": entry.get_change_message()} for entry in get_log_entries(registration)
        ],
    }


def redact_link(value):
    return LINK_TOKEN.sub("…", value) if isinstance(value, str) else value


def erase_person(registration: Registration) -> None:
    """Take the person out of their registration, its answers, its e-mails and the admin's log, for good.

    So does whatever else was registered for the event with their address, such as what they cancelled before,
    and what organisers merged with it.
    The rows stay, nameless, so that counts stay true. Before the event's end their place goes to the next in
    line; no e-mail tells them, for there is no address any more. Raises Refused when they are erased already,
    and Busy, also while an e-mail to them is just being sent.
    """
    with operations.busy_on_lock_timeout(), transaction.atomic():
        # Before the event's lock, for a mail server can be slow; in order, lest two erasures wait for each other.
        list(find_emails(registration).select_for_update().order_by("pk").values_list("pk"))
        with operations.lock_event(registration.event) as event:
            operations.refresh(registration)
            theirs = [registration]
            for one in theirs:  # grows, for what was merged may have had others merged with it before
                theirs += [other for other in find_same_person(one) if other not in theirs]
            for one in theirs:
                erase_data(one)
            ImportDraft.objects.filter(event=event).delete()  # the person may be in a list that waits to be imported
            operations.fill_free_places(event)


def find_same_person(registration: Registration) -> list[Registration]:
    """What was registered for the event with the same address, and what was merged with this."""
    people, merged = registration.event.registrations.not_erased(), registration.changes.filter(field=audit.MERGED)
    return [*people.with_email(registration.email), *people.filter(reference__in=merged.values("new"))]


def find_emails(registration: Registration) -> OutgoingEmailQuerySet:
    """Every e-mail in which the person occurs, also those that went to an address that they had before."""
    return OutgoingEmail.objects.about(registration) | OutgoingEmail.objects.with_link_to(registration)


def erase_data(registration: Registration) -> None:
    """Empty all that tells of the person. For `erase`, which holds the locks."""
    if not (registration.event.has_ended or registration.is_cancelled):
        operations.cancel_locked(registration)
    find_emails(registration).update(**ERASED_VALUES[OutgoingEmail])
    registration.changes.update(**ERASED_VALUES[Change])
    registration.reference = operations.generate_unused_reference()
    registration.erased_at = timezone.now()
    for name, value in ERASED_VALUES[Registration].items():
        setattr(registration, name, value)
    registration.save(update_fields=["reference", "erased_at", *ERASED_VALUES[Registration]])
    get_log_entries(registration).update(object_repr=registration.reference, change_message="")


def get_log_entries(registration: Registration):
    """What the admin's log says about this registration."""
    content_type = ContentType.objects.get_for_model(Registration)
    return LogEntry.objects.filter(content_type=content_type, object_id=str(registration.pk)).order_by("action_time")


def erase_due_needs(now: datetime, *, dry_run: bool = False) -> dict[Event, int]:
    """Erase everybody's answers about dietary and access needs, for events over for long enough at `now` (UTC).

    Cancelled people's too. Returns from how many registrations of each such event; `dry_run` only counts them.
    Twice is harmless. Raises Busy.
    """
    erased = {}
    for event in list_events_with_due_needs(now):
        keys = list(event.questions.about_needs().values_list("key", flat=True))
        with operations.lock_event(event):  # else an answer just being saved would put them back
            told = event.registrations.filter(answers__has_any_keys=keys)
            erased[event] = told.count() if dry_run else told.update(answers=remove_keys("answers", keys))
    return erased


def list_events_with_due_needs(now: datetime) -> list[Event]:
    past = Event.objects.defer_long_texts().filter(ends_at__lte=now, questions__is_about_needs=True)
    return [
        event
        for event in past.distinct().order_by("pk")
        if event.ends_at + timedelta(days=event.needs_kept_days) <= now
    ]


def remove_keys(field: str, keys: list[str]) -> Func:
    """The JSON object in this field without these keys."""
    names = Value(keys, output_field=ArrayField(TextField()))
    return Func(F(field), names, template="(%(expressions)s)", arg_joiner=" - ", output_field=JSONField())
