"""Merging two registrations of one person."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from conference.models import Topic
from registrations import audit
from registrations.mail import outbox
from registrations.models import OutgoingEmail, Registration
from registrations.operations.exceptions import AddressNeeded, OperationError
from registrations.operations.locking import lock_event, refresh
from registrations.operations.person_details import save_changes
from registrations.operations.status import refuse_other_persons_identity, set_status
from registrations.operations.waiting_list import fill_free_places

Status = Registration.Status

# Fields of which the organiser chooses one of the two values.
MERGE_FIELDS = ["first_name", "last_name", "email", "organisation", "job_title", "country", "sector", "language"]
# Fields of which both values are combined.
COMBINED_FIELDS = ["answers", "internal_note", "tags", "consented_at", "checked_in_at"]
# From best to worst.
STATUS_RANKING = [Status.CONFIRMED, Status.PENDING, Status.WAITLISTED]


def merge(
    keep: Registration, drop: Registration, *, taking: Collection[str] = (), by: audit.ChangedBy, notify: bool = False
) -> None:
    """Merge two live registrations of one person: `keep` stays, `drop` is cancelled.

    `taking` names the MERGE_FIELDS whose value comes from `drop`. Topics and tags of both are kept, the notes are
    joined, and questions that `keep` did not answer get the answers of `drop`.
    `keep` gets the better of the two statuses, and the earlier place on the waiting list, so that nobody is overtaken
    and no additional place is taken. Its owner gets an e-mail if their address or status has changed, the owner of
    `drop` only with `notify`. Raises OperationError if they are not two live registrations of one event,
    AlreadyRegistered if the chosen name and address are those of a third one, AddressNeeded, and Busy.
    """
    with lock_event(keep.event) as event:
        fill_free_places(event)  # releases expired holds, which must not count as the better status
        for one in (keep, drop):
            refresh(one, *MERGE_FIELDS, *COMBINED_FIELDS, "waiting_number")
        if keep.pk == drop.pk or keep.event_id != drop.event_id or keep.is_cancelled or drop.is_cancelled:
            raise OperationError(
                _("One of the two has been cancelled in the meantime, or they are for different events.")
            )
        values = combine_values(keep, drop) | {name: getattr(drop, name) for name in taking if name in MERGE_FIELDS}
        if not any(values.get(name, getattr(keep, name)) for name in ("first_name", "last_name")):
            raise OperationError(_("Nobody can be without a name. Please choose at least one of the names."))
        better = min(keep.status, drop.status, key=STATUS_RANKING.index)
        if better == Status.PENDING and not values.get("email", keep.email):
            raise AddressNeeded
        other = {name: getattr(drop, name) for name in [*Registration.STATUS_FIELDS, "waiting_number"]}
        # Before `keep` takes its name and address, which may have one live registration only.
        set_status(drop, Status.CANCELLED, by=by, email=OutgoingEmail.Kind.CANCELLED if notify else "")
        refuse_other_persons_identity(keep, event, values)
        move_check_ins(keep, drop)
        update_kept(keep, values, {*keep.topics.all(), *drop.topics.all()}, other, by=by)
        audit.log_changes(keep, {audit.MERGED: ("", drop.reference)}, by)
        audit.log_changes(drop, {audit.MERGED_INTO: ("", keep.reference)}, by)
        fill_free_places(event)


def move_check_ins(keep: Registration, drop: Registration) -> None:
    """Let whoever came with the dropped registration have come with the kept one: its ticket is cancelled."""
    drop.check_ins.move_to(keep)
    drop.checked_in_at = None
    drop.save(update_fields=["checked_in_at"])


def combine_values(keep: Registration, drop: Registration) -> dict[str, object]:
    """Return the new values of the COMBINED_FIELDS; each tag once, upper and lower case being the same."""
    tags = {tag.casefold(): tag for tag in [*drop.tags, *keep.tags]}
    notes = dict.fromkeys(note for note in (keep.internal_note, drop.internal_note) if note)
    filled_in = {key: answer for key, answer in keep.answers.items() if audit.is_filled_in(answer)}
    return {
        "answers": drop.answers | filled_in,
        "internal_note": "\n".join(notes),
        "tags": keep.tags + [tag for tag in tags.values() if tag not in keep.tags],
        "consented_at": keep.consented_at or drop.consented_at,
        "checked_in_at": min(filter(None, [keep.checked_in_at, drop.checked_in_at]), default=None),
    }


def update_kept(
    keep: Registration, values: Mapping, topics: Iterable[Topic], other: Mapping, *, by: audit.ChangedBy
) -> None:
    """Save the values, topics and better status; `other` has the STATUS_FIELDS and waiting number of the other one."""
    before = keep.email, keep.status
    if values.get("email", keep.email) != keep.email:
        keep.email_confirmed_at, keep.new_email = other["email_confirmed_at"], ""
        keep.use_next_link()
        keep.save(update_fields=["email_confirmed_at", "new_email", "link_version"])
    if keep.is_pending:  # before the address may go, which only who has a place or waits can do without
        take_better_status(keep, other, by=by)
    save_changes(keep, values, topics, by=by)
    take_better_status(keep, other, by=by)
    if (keep.email, keep.status) != before:
        outbox.queue_status_email(keep)


def take_better_status(keep: Registration, other: Mapping, *, by: audit.ChangedBy) -> None:
    if STATUS_RANKING.index(other["status"]) < STATUS_RANKING.index(keep.status):
        set_status(keep, other["status"], by=by, hold_until=other["hold_until"])
    elif keep.is_waitlisted and other["status"] == Status.WAITLISTED:
        keep.waiting_since = min(keep.waiting_since, other["waiting_since"])
        keep.waiting_number = min(keep.waiting_number, other["waiting_number"])
        keep.save(update_fields=["waiting_since", "waiting_number"])
