"""Two registrations of one person becoming one."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from registrations import audit
from registrations.mail import outbox
from registrations.models import OutgoingEmail, Registration
from registrations.operations.details import save_changes
from registrations.operations.locking import OperationError, lock_event
from registrations.operations.waiting_list import (
    STATUS_FIELDS,
    fill_free_places,
    mark_cancelled,
    mark_confirmed,
    refresh,
    set_status,
)

Status = Registration.Status

# What the two may have given differently, and one value is chosen of.
MERGE_FIELDS = ["first_name", "last_name", "email", "organisation", "job_title", "country", "sector", "language"]
# What is united.
COMBINED_FIELDS = ["answers", "internal_note", "tags", "consented_at", "checked_in_at"]
# From best to worst.
STATUS_RANKING = [Status.CONFIRMED, Status.PENDING, Status.WAITLISTED]


def merge(
    keep: Registration, drop: Registration, *, taking: Collection[str] = (), by: audit.ChangedBy, notify: bool = False
) -> None:
    """Make one of two live registrations of one person: `keep` stays, `drop` is cancelled.

    `taking` names the CHOSEN_FIELDS of which the value of `drop` is taken. Topics and tags are united, the notes
    stand one after the other, and questions that `keep` left open get the answers of `drop`.

    The better of the two standings stays: a place moves to `keep` when only `drop` has one, and of two waits the
    longer one counts. So nobody is overtaken, and there are never more places taken than before; a place
    that becomes free goes to the first in line. Who stays is e-mailed when their address or standing
    changed, for the old link or message is not right any more; who goes, only to `notify` them.

    Raises Refused when they are not two live registrations of one event, and Busy.
    """
    with lock_event(keep.event) as event:
        fill_free_places(event)  # a hold that has lapsed is no standing any more
        for one in (keep, drop):
            one.refresh_from_db(fields=[*MERGE_FIELDS, *COMBINED_FIELDS])
            refresh(one)
        if keep.pk == drop.pk or keep.event_id != drop.event_id or keep.is_cancelled or drop.is_cancelled:
            raise OperationError(_("One of the two was cancelled meanwhile, or they are not of one event."))
        values = combine_values(keep, drop) | {name: getattr(drop, name) for name in taking if name in MERGE_FIELDS}
        was = {name: getattr(drop, name) for name in STATUS_FIELDS}
        set_status(drop, mark_cancelled, by=by)
        if notify:
            outbox.queue(drop, OutgoingEmail.Kind.CANCELLED)
        if values.get("email", keep.email) != keep.email:
            keep.email_confirmed_at, keep.new_email = was["email_confirmed_at"], ""
            keep.save(update_fields=["email_confirmed_at", "new_email"])
        told_before = keep.email, keep.status
        save_changes(keep, values, {*keep.topics.all(), *drop.topics.all()}, by=by)
        keep_better_status(keep, was, by)
        audit.log_changes(keep, {audit.MERGED: ("", drop.reference)}, by)
        audit.log_changes(drop, {audit.MERGED_INTO: ("", keep.reference)}, by)
        if (keep.email, keep.status) != told_before:
            outbox.queue_status_email(keep)
        fill_free_places(event)


def combine_values(keep: Registration, drop: Registration) -> dict[str, object]:
    """What `keep` gets of `drop` without being asked; its tags, in whichever case, once."""
    tags = {tag.casefold(): tag for tag in [*drop.tags, *keep.tags]}
    notes = dict.fromkeys(note for note in (keep.internal_note, drop.internal_note) if note)
    given = {key: answer for key, answer in keep.answers.items() if audit.is_filled_in(answer)}
    return {
        "answers": drop.answers | given,
        "internal_note": "\n".join(notes),
        "tags": keep.tags + [tag for tag in tags.values() if tag not in keep.tags],
        "consented_at": keep.consented_at or drop.consented_at,
        "checked_in_at": keep.checked_in_at or drop.checked_in_at,
    }


def keep_better_status(keep: Registration, other: dict[str, object], by: audit.ChangedBy) -> None:
    """Let `keep` stand as the better of the two stood; `other` is what the other's STATUS_FIELDS were."""
    if STATUS_RANKING.index(other["status"]) < STATUS_RANKING.index(keep.status):
        set_status(keep, lambda one: copy_status(one, other), by=by)
    elif keep.is_waitlisted and other["waiting_since"]:
        keep.waiting_since = min(keep.waiting_since, other["waiting_since"])
        keep.save(update_fields=["waiting_since"])


def copy_status(registration: Registration, other: dict[str, object]) -> None:
    if other["status"] == Status.CONFIRMED:
        mark_confirmed(registration)
    else:
        registration.status, registration.hold_until = other["status"], other["hold_until"]
        registration.waiting_since = None
