"""Importing a list of people: upload a file, preview it, import it."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from conference.models import Event
from registrations import imports
from registrations.admin.extra_pages import admin_view, refusals_as_messages, render_page
from registrations.admin.registrations.import_sources import Source, choose_source, describe_source, read_list
from registrations.exports.access import log_export
from registrations.exports.file_formats import TABLE_FORMATS
from registrations.imports.column_mapping import FULL_NAMES
from registrations.imports.forms import UploadForm
from registrations.models import ImportDraft, Question, Registration

LIST = "admin:registrations_registration_changelist"


@admin_view(Registration, "import", of_chosen_event=True)
@require_http_methods(["GET", "HEAD", "POST"])
def import_view(request):
    """Choose the event and upload the file, which is saved for its preview."""
    ImportDraft.objects.expired().delete()
    events = Event.objects.visible_to(request.user).order_by("-starts_at")
    initial = {"event": request.GET.get("event") or (events[0].pk if len(events) == 1 else None)}
    form = UploadForm(request.POST or None, request.FILES or None, events=events, initial=initial)
    if form.is_valid():
        event, file = form.cleaned_data["event"], form.cleaned_data["file"]
        content = file.read(imports.MAX_BYTES + 1)  # one more, by which a file that is too large is recognised
        try:
            table, questions = read_list(request.user, event, content)
        except imports.UnreadableFile as reason:
            form.add_error("file", str(reason))
        else:
            draft = ImportDraft.objects.create(
                event=event,
                created_by=request.user,
                file_name=file.name.replace("\0", "")[-255:],
                content=content,
                columns=imports.guess_mapping(table.headers, questions, table.rows),
                **describe_source(table),
            )
            return redirect("admin:registrations_registration_import_preview", draft.pk)
    context = {"form": form, "has_events": len(events) > 0}
    return render_page(request, Registration, "registrations/registration/import.html", _("Import a list"), **context)


@admin_view(Registration, "import")
@require_http_methods(["GET", "HEAD", "POST"])
def import_preview_view(request, key):
    """Map the columns, preview the result of each row, and import."""
    drafts = ImportDraft.objects.select_related("event__venue").filter(pk=key)
    draft = drafts.visible_to(request.user).filter(created_by=request.user).first()
    if draft is None and drafts.exists():  # of somebody else, or of an event that is hidden from the user
        raise Http404
    if draft is None:
        return redirect_from_missing_draft(request)
    try:
        read = read_list(request.user, draft.event, bytes(draft.content), sheet=draft.sheet, encoding=draft.encoding)
    except imports.UnreadableFile as reason:  # what the headers are depends on the questions
        messages.error(request, str(reason))
        return redirect("admin:registrations_registration_import")
    return preview_or_import(request, draft, *read)


def preview_or_import(request, draft: ImportDraft, table: imports.Table, questions: list[Question]):
    """Save the choices of a valid form; import, if that was asked for by who saw what would be stored."""
    source = choose_source(request, draft, table, questions)
    table, form, rows, has_changed = source.table, source.columns, [], False
    if form.is_valid():
        draft.columns, draft.sends_email = form.columns(), form.cleaned_data["sends_email"]
        options = {name: form.cleaned_data[name] for name in ("tags", "language", "consent")}
        rows = imports.preview_rows(table, draft.event, draft.columns, questions, **options)
        if "download" in request.POST and not source.is_new:
            return send_error_rows(request.user, draft, table, rows)
        is_seen = not source.is_new and request.POST.get("seen") == imports.compute_fingerprint(rows)
        has_changed = "import" in request.POST and not is_seen
        if "import" in request.POST and not has_changed and any(row.is_new for row in rows):
            with refusals_as_messages(request):
                return import_and_redirect(request, draft, table, rows)
        if not ImportDraft.objects.filter(pk=draft.pk).update(columns=draft.columns, sends_email=draft.sends_email):
            return redirect_from_missing_draft(request)
    context = {
        "draft": draft,
        "event": draft.event,
        "has_changed": has_changed,
        **describe_file(source),
        **describe_rows(rows),
    }
    template = "registrations/registration/import_preview.html"
    return render_page(request, Registration, template, _("Import a list"), **context)


def describe_file(source: Source) -> dict[str, object]:
    """What the preview says about the file and its columns."""
    table, form = source.table, source.columns
    samples = [next(filter(None, column), "") for column in zip(*table.rows, strict=True)]
    return {
        "form": form,
        "source": source.form,
        "table": table,
        "left_out": imports.describe_left_out(table.left_out),
        "columns": list(zip(form.column_fields(), samples, strict=True)),
        "splits_names": any(field in FULL_NAMES for field in form.columns().values()),
    }


def describe_rows(rows: list[imports.RowPreview]) -> dict[str, object]:
    """What the preview says about the rows, in all and by what would become of them."""
    return {
        "rows": rows,
        "seen": imports.compute_fingerprint(rows),
        "people": [row for row in rows if row.outcome != imports.RowOutcome.NOBODY],
        "new": [row for row in rows if row.is_new],
        "without_email": [row for row in rows if row.is_new and not row.email],
        **{outcome.value: [row for row in rows if row.outcome == outcome] for outcome in imports.RowOutcome},
    }


def send_error_rows(user, draft: ImportDraft, table: imports.Table, rows: list[imports.RowPreview]) -> FileResponse:
    """Download the rows with errors. The log has it among the exports, without the headers of the file."""
    written = imports.write_error_rows(table, rows)
    log_export(user, kind=_("rows with errors"), events=[draft.event], count=written.count, filters=[], columns=[])
    name = f"errors-{draft.event.slug}-{timezone.localdate()}.csv"
    return FileResponse(written.file, as_attachment=True, filename=name, content_type=TABLE_FORMATS["csv"].content_type)


def import_and_redirect(request, draft: ImportDraft, table: imports.Table, rows: list[imports.RowPreview]):
    """Import, and redirect to those who were added, or to the rows that were left out. Raises OperationError."""
    left_out = imports.build_draft_of_errors(draft, table, rows)
    imported = imports.commit_import(draft, rows, by=request.user, left_out=left_out)
    if imported is None and ImportDraft.objects.filter(pk=draft.pk).exists():  # what another press has left out
        return redirect("admin:registrations_registration_import_preview", draft.pk)
    if imported is None:
        return redirect_from_missing_draft(request)
    people, address = imported.registrations, f"{reverse(LIST)}?{urlencode({'event': draft.event_id})}"
    if people:
        duplicates = imported.duplicates + sum(row.outcome == imports.RowOutcome.DUPLICATE for row in rows)
        # They were registered in a row under one lock, so these filters show exactly them.
        last = people[-1].created_at + timedelta(microseconds=1)
        filters = {"created_at__gte": people[0].created_at.isoformat(), "created_at__lt": last.isoformat()}
        address = f"{address}&{urlencode(filters)}"
        told = describe_import(people, duplicates)
        if left_out is None:
            told.append(_("The list below shows those who were added."))
        messages.success(request, " ".join(told))
    else:
        messages.warning(request, _("Nobody was added: everyone is already registered."))
    if left_out is None:
        return redirect(address)
    link = format_html('<a href="{}">{}</a>', address, _("Show those who were added"))
    text = _("The rows below were left out. Download and correct them, or choose other columns and import them.")
    messages.info(request, format_html("{} {}", text, link) if people else text)
    return redirect("admin:registrations_registration_import_preview", left_out.pk)


def describe_import(people: list[Registration], duplicates: int) -> list[str]:
    """Sentences about what became of the people in a list."""
    waiting = sum(registration.is_waitlisted for registration in people)
    told = [ngettext("%d person was added.", "%d people were added.", len(people)) % len(people)]
    if waiting:
        text = ngettext("%d of them is on the waiting list.", "%d of them are on the waiting list.", waiting)
        told.append(text % waiting)
    if duplicates:
        told.append(ngettext("%d duplicate was skipped.", "%d duplicates were skipped.", duplicates) % duplicates)
    return told


def redirect_from_missing_draft(request):
    """For a draft that is gone: imported already, a day old, or with somebody on it who has been erased."""
    text = _(
        "This list is no longer available: it has already been imported, was uploaded too long ago, or has somebody "
        "on it whose data has been erased since. Please upload it again."
    )
    messages.warning(request, text)
    return redirect(LIST)
