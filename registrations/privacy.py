"""What is stored about a person, with a rule for each field: exporting it (GDPR 15 and 20) and erasing it (17)."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from conference.models import Event
from registrations import audit, erasure_ledger, operations
from registrations.models import Change, ImportDraft, OutgoingEmail, Registration, list_answers, without_answers
from registrations.models.registration import generate_unused_reference
from registrations.tickets.ticket_codes import generate_ticket_code

# The secret part of a personal link.
LINK_TOKEN = re.compile(r"(?<=/r/)[^/\s]+")


class Rule(NamedTuple):
    """The value of a field after an erasure, or why it is kept; and why it is not exported, if so."""

    erased: object = None
    kept: str = ""
    not_exported: str = ""


COUNTS = "the counts need it"
PRIMARY_KEY = Rule(kept="a number of the database", not_exported="a number of the database")
REPEATED_NAME = Rule(kept="generated again from the empty name", not_exported="repeats the name")
THE_PERSON = Rule(kept="a row without personal data", not_exported="the exported one")
# A test finds fields without a rule.
RULES = {
    Registration: {
        **dict.fromkeys(["first_name", "last_name", "email", "new_email", "organisation", "job_title"], Rule("")),
        **dict.fromkeys(["country", "sector", "language", "status", "source", "created_at"], Rule(kept=COUNTS)),
        **dict.fromkeys(["email_confirmed_at", "hold_until", "waiting_since", "waiting_number"], Rule(kept=COUNTS)),
        **dict.fromkeys(["confirmed_at", "cancelled_at", "checked_in_at"], Rule(kept=COUNTS)),
        "id": PRIMARY_KEY,
        "event": Rule(kept=COUNTS, not_exported="its title is exported"),
        "origin": Rule("", not_exported="a keyed hash that says nothing to anybody"),
        "burst": Rule(None, not_exported="is about many people"),
        "reference": Rule(kept="replaced by a new one that nobody has seen"),
        "ticket_code": Rule(kept="replaced by a new one that nobody has seen"),
        "ticket_key": Rule(kept="follows the ticket's code", not_exported="follows the ticket's code"),
        "answers": Rule({}),
        "consented_at": Rule(None),
        "erased_at": Rule(kept="records the erasure", not_exported="empty until there is nothing left to export"),
        "internal_note": Rule(""),
        "tags": Rule([]),
        "search_text": Rule(
            kept="generated again from the empty fields and the new reference",
            not_exported="repeats the name, address, organisation and reference",
        ),
        **dict.fromkeys(["sort_name", "person_key"], REPEATED_NAME),
        **dict.fromkeys(["link_version", "new_link_version"], Rule(kept="a number", not_exported="a number of links")),
        "topics": Rule(kept=COUNTS, not_exported="their titles are exported"),
    },
    OutgoingEmail: {
        **dict.fromkeys(["to", "subject", "text", "last_error"], Rule("")),
        "entered": Rule(None),
        **dict.fromkeys(["kind", "language", "created_at", "attempts", "sent_at"], Rule(kept=COUNTS)),
        "id": PRIMARY_KEY,
        "registration": THE_PERSON,
        "mailing": Rule(kept="its text is the same for everybody", not_exported="its text is in the e-mail's text"),
        "is_bulk": Rule(kept="the order of sending", not_exported="the order of sending"),
        "html": Rule("", not_exported="the same as the text"),
        "calendar_method": Rule(kept="identifies nobody", not_exported="only describes the attached calendar file"),
        "due_since": Rule(kept=COUNTS, not_exported="sent_at is enough"),
        "next_attempt_at": Rule(None, not_exported="sent_at is enough"),
    },
    Change: {
        **dict.fromkeys(["old", "new"], Rule("")),
        "id": PRIMARY_KEY,
        "registration": THE_PERSON,
        "changed_at": Rule(kept="says that something changed, not what"),
        "actor": Rule(kept="identifies nobody"),
        "changed_by": Rule(kept="is about the organiser", not_exported="is about the organiser"),
        "field": Rule(kept="a field's name"),
    },
}
# What apps above store about people, by its name in the export: see `add_rules`.
ADDED: dict[str, type[Model]] = {}


def list_exported_fields(model: type[Model]) -> list[str]:
    """Return their names in the order of the model."""
    rules = RULES[model]
    return [field.name for field in model._meta.fields if field.name in rules and not rules[field.name].not_exported]


def list_erased_values(model: type[Model]) -> dict[str, object]:
    return {name: rule.erased for name, rule in RULES[model].items() if not rule.kept}


EXPORTED_FIELDS = {model: list_exported_fields(model) for model in RULES}
ERASED_VALUES = {model: list_erased_values(model) for model in RULES}


def add_rules(name: str, model: type[Model], rules: dict[str, Rule]) -> None:
    """Let what has a foreign key `registration` in an app above be exported under this name, and erased."""
    ADDED[name], RULES[model] = model, rules
    EXPORTED_FIELDS[model], ERASED_VALUES[model] = list_exported_fields(model), list_erased_values(model)


def export_personal_data(registration: Registration) -> dict:
    """Return everything that is stored about this person, ready for JSON. Times are in UTC.

    The secret part of links is left out: each was e-mailed to one address, and only its owner may have it.
    """
    event = registration.event
    return {
        "event": {"title": str(event.title), "starts_at": event.starts_at, "ends_at": event.ends_at},
        "contact": event.contact_email,
        "registration": Registration.objects.filter(pk=registration.pk).values(*EXPORTED_FIELDS[Registration]).get(),
        "topics": [str(topic) for topic in registration.topics.all()],
        "answers": [{"question": question, "answer": answer} for question, answer in list_answers(registration)],
        "emails": export_emails(registration),
        "changes": list(registration.changes.order_by("pk").values(*EXPORTED_FIELDS[Change])),
        "changes_by_organisers": [
            {"at": entry.action_time, "what": entry.get_change_message()} for entry in get_log_entries(registration)
        ],
        **{name: list(about(registration, model).values(*EXPORTED_FIELDS[model])) for name, model in ADDED.items()},
    }


def about(registration: Registration, model: type[Model]) -> QuerySet:
    return model._default_manager.filter(registration=registration)


def export_emails(registration: Registration) -> list[dict]:
    """Return the e-mails about this person. A list of links that has also those of others comes without its text."""
    emails = list(OutgoingEmail.objects.about(registration).order_by("pk").values(*EXPORTED_FIELDS[OutgoingEmail]))
    listed = {reference for email in emails for reference in find_references(email["text"])}
    others = Registration.objects.filter(reference__in=listed).exclude(person_key=registration.person_key)
    references = set(others.values_list("reference", flat=True))
    for email in emails:
        if references.intersection(find_references(email["text"])):
            email["text"] = ""
        email.update((name, LINK_TOKEN.sub("…", value)) for name, value in email.items() if isinstance(value, str))
    return emails


def find_references(text: str) -> list[str]:
    """Return the references of the registrations to which a text links."""
    return [token.partition(".")[0] for token in LINK_TOKEN.findall(text)]


def erase_person(registration: Registration, *, with_same_person: bool = True) -> None:
    """Erase the personal data in the registration, its answers, its e-mails and the admin's log, permanently.

    The same happens to everything else that the person has registered for the event with the same address, such as
    earlier cancelled registrations, and to registrations that were merged with it, if `with_same_person`; not to others
    who share the address. The rows stay without personal data, so that counts stay correct. Before the event's end, the
    place goes to the first on the waiting list. No e-mail is sent, as there is no address any more.

    Raises OperationError if the person is erased already, and Busy, also while an e-mail to them is being sent.
    """
    with operations.busy_on_lock_timeout(), transaction.atomic():
        # E-mails are locked before the event, because a mail server can be slow, and in order, to avoid deadlocks.
        list(OutgoingEmail.objects.about(registration).select_for_update().order_by("pk").values_list("pk"))
        with operations.lock_event(registration.event) as event:
            operations.refresh(registration)
            people, found = registration.event.registrations.not_erased(), [registration]
            for one in found if with_same_person else ():  # grows: merged ones may have others merged with them
                merged = one.changes.filter(field=audit.MERGED).values("new")
                # Two queries, as each has an index of its own, and sign-ups wait for the lock.
                identity = (getattr(one, name) for name in Registration.IDENTITY_FIELDS)
                same = [*people.of_person(*identity), *people.filter(reference__in=merged)]
                found += [other for other in same if other not in found]
            addresses = list_addresses(found)
            for one in found:
                erase_data(one)
            identities = [(one.pk, one.created_at) for one in found]
            erasure_ledger.record_after_commit(erasure_ledger.REGISTRATION, identities)
            ImportDraft.objects.filter(event=event).which_may_hold(addresses).delete()
            operations.fill_free_places(event)


def list_addresses(people: list[Registration]) -> list[str]:
    """Return the addresses of these people, also earlier ones; not a new one, which may be a stranger's."""
    earlier = Change.objects.filter(registration__in=people, field="email").values_list("old", flat=True)
    return [*(one.email for one in people), *earlier]


def erase_data(registration: Registration) -> None:
    """Erase this registration's data. Requires the locks of `erase_person`."""
    # Also of a cancelled event, which may take place after all: then the place goes to somebody else.
    if not (registration.is_cancelled or registration.event.has_ended):
        operations.set_status(registration, Registration.Status.CANCELLED, by=None)
    OutgoingEmail.objects.about(registration).update(**ERASED_VALUES[OutgoingEmail])
    registration.changes.update(**ERASED_VALUES[Change])
    for model in ADDED.values():
        about(registration, model).update(**ERASED_VALUES[model])
    values = ERASED_VALUES[Registration] | {
        "reference": generate_unused_reference(),
        "ticket_code": generate_ticket_code(),
        "erased_at": timezone.now(),
    }
    for name, value in values.items():
        setattr(registration, name, value)
    registration.save(update_fields=values)
    get_log_entries(registration).update(object_repr=registration.reference, change_message="")


def record_erasures() -> int:
    """Write into the ledger which registrations are erased, whoever erased them; returns how many were missing."""
    erased = Registration.objects.filter(erased_at__isnull=False).order_by("pk")
    return erasure_ledger.record(erasure_ledger.REGISTRATION, erased.values_list("pk", "created_at"))


def erase_again(hashes: set[str], secret_key: str) -> int:
    """Erase exactly those whom a ledger made with `secret_key` knows by these `hashes`; returns how many there were."""
    number = 0
    people = Registration.objects.not_erased().order_by("pk") if hashes else Registration.objects.none()
    for pk, created_at in people.values_list("pk", "created_at"):
        identity = erasure_ledger.compute_hash(erasure_ledger.REGISTRATION, (pk, created_at), secret_key)
        if identity in hashes and (registration := Registration.objects.not_erased().filter(pk=pk).first()):
            erase_person(registration, with_same_person=False)  # whoever else was erased with it has a line too
            number += 1
    return number


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
        with operations.lock_event(event):  # otherwise an answer that is just being saved would restore them
            found = event.registrations.filter(answers__has_any_keys=keys)
            erased[event] = found.count() if dry_run else found.update(answers=without_answers(keys))
            if not dry_run:  # to whom they were sent tells the same
                OutgoingEmail.objects.filter(mailing__is_about_needs=True, registration__event=event).delete()
    return erased
