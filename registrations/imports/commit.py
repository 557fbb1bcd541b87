"""Taking in a list that was looked at: all or nobody, once."""

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import ngettext

from conference.models import Event
from registrations import operations
from registrations.imports.preview import RowPreview
from registrations.models import ImportDraft
from registrations.operations import BulkRegistrationError, BulkResult


def commit_import(draft: ImportDraft, rows: list[RowPreview], *, by) -> BulkResult | None:
    """Sign up those of `judged` who are new, delete the draft, and write into the log who (`by`, a user) did it.

    None when the draft was imported already. Raises SomeRefused with nothing stored, and the reasons then stand in
    `judged`; or Busy.
    """
    new = [one for one in rows if one.is_new]
    with operations.busy_on_lock_timeout(), transaction.atomic():
        # Whoever presses the button twice waits here, and then finds the draft gone.
        if not ImportDraft.objects.select_for_update().filter(pk=draft.pk).values_list("pk"):
            return None
        people = [(one.registration, one.topics) for one in new]
        try:
            imported = operations.register_all(draft.event, people, notify=draft.sends_email)
        except BulkRegistrationError as refused:
            for place, refusal in refused.refusals.items():
                new[place].refuse(str(refusal))
            raise
        log_import(by, draft.event, len(imported.registrations))
        draft.delete()
    return imported


def log_import(user, event: Event, count: int) -> LogEntry:
    """Write into the admin's log who imported how many. Not the file's name, which may be somebody's."""
    text = ngettext("Imported %(count)d registration.", "Imported %(count)d registrations.", count)
    return LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(event),
        object_id=event.pk,
        object_repr=str(event)[:200],
        action_flag=ADDITION,
        change_message=text % {"count": count},
    )
