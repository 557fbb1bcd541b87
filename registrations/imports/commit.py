"""Imports a previewed list: everybody or nobody, and only once."""

from django.contrib.admin.models import ADDITION, LogEntry
from django.db import transaction
from django.utils.translation import ngettext

from conference.models import Event
from registrations import operations
from registrations.imports.row_checks import RowPreview
from registrations.models import ImportDraft
from registrations.operations import BulkResult
from registrations.operations.exceptions import BulkRegistrationError


def commit_import(draft: ImportDraft, rows: list[RowPreview], *, by) -> BulkResult | None:
    """Register those in `rows` who are new, delete the draft, and log that the user `by` did it.

    None when the draft was imported already. Raises BulkRegistrationError, with nothing stored and the reasons added to
    `rows`, or Busy.
    """
    new = [row for row in rows if row.is_new]
    with operations.busy_on_lock_timeout(), transaction.atomic():
        # A second press of the button waits here for the first, and then finds no draft.
        if not ImportDraft.objects.select_for_update().filter(pk=draft.pk).values_list("pk"):
            return None
        people = [(row.registration, row.topics) for row in new]
        try:
            imported = operations.register_all(draft.event, people, notify=draft.sends_email)
        except BulkRegistrationError as refused:
            for place, refusal in refused.refusals.items():
                new[place].refuse(str(refusal))
            raise
        log_import(by, draft.event, len(imported.registrations))
        draft.delete()
    return imported


def log_import(user, event: Event, count: int) -> None:
    """Log in the admin who imported how many. The file's name is left out: it may name a person."""
    text = ngettext("Imported %(count)d registration.", "Imported %(count)d registrations.", count) % {"count": count}
    LogEntry.objects.log_actions(user.pk, [event], ADDITION, change_message=text)
