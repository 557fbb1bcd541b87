"""Importing a list of people: upload a file, preview it, import it."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from conference.models import Event
from registrations import imports
from registrations.admin.extra_pages import admin_view, refusals_as_messages, render_page
from registrations.imports.column_mapping import get_known_headers
from registrations.imports.forms import DraftForm, UploadForm
from registrations.models import ImportDraft, Question, Registration

LIST = "admin:registrations_registration_changelist"
UPLOAD = "admin:registrations_registration_import"
PREVIEW = "admin:registrations_registration_import_preview"

allow_methods = require_http_methods(["GET", "HEAD", "POST"])


@admin_view(Registration, "import")
@allow_methods
def import_view(request):
    """Choose the event and upload the file."""
    ImportDraft.objects.expired().delete()
    events = Event.objects.visible_to(request.user).order_by("-starts_at")
    initial = {"event": request.GET.get("event") or (events[0].pk if len(events) == 1 else None)}
    form = UploadForm(request.POST or None, request.FILES or None, events=events, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            draft = create_draft(request.user, **form.cleaned_data)
        except imports.UnreadableFile as reason:
            form.add_error("file", str(reason))
        else:
            return redirect(PREVIEW, draft.pk)
    context = {"form": form, "has_events": len(events) > 0}
    return render_page(request, Registration, "registrations/registration/import.html", _("Import a list"), **context)


@admin_view(Registration, "import")
@allow_methods
def import_preview_view(request, key):
    """Map the columns, preview the result of each row, and import."""
    draft = get_own_draft(request.user, key)
    if draft is None:
        return redirect_from_missing_draft(request)
    questions = get_answerable_questions(request.user, draft.event)
    try:
        table = imports.read_table(bytes(draft.content), set(get_known_headers(questions)))
    except imports.UnreadableFile as reason:  # what the headers are depends on the questions
        messages.error(request, str(reason))
        return redirect(UPLOAD)
    form = DraftForm(
        request.POST if request.method == "POST" else None, draft=draft, headers=table.headers, questions=questions
    )
    rows, is_import = [], "import" in request.POST
    has_changed = form.is_valid() and draft.columns != form.columns()
    if form.is_valid():
        rows = preview_draft(form, draft, table, questions)
        if is_import and not has_changed and can_be_imported(rows):
            with refusals_as_messages(request):
                return import_and_redirect(request, draft, rows)
        if not save_draft_choices(draft):
            return redirect_from_missing_draft(request)
    return render_preview(request, draft, form, table, rows, is_import and has_changed)


def render_preview(request, draft: ImportDraft, form: DraftForm, table: imports.Table, rows: list, has_changed: bool):
    return render_page(
        request,
        Registration,
        "registrations/registration/import_preview.html",
        _("Import a list"),
        draft=draft,
        form=form,
        columns=list(zip(form.column_fields(), get_samples(table), strict=True)),
        splits_names="full_name" in draft.columns.values(),
        has_changed=has_changed,
        can_be_imported=can_be_imported(rows),
        **group_by_outcome(rows),
    )


def import_and_redirect(request, draft: ImportDraft, rows: list[imports.RowPreview]):
    """Import, and redirect to the list of those who were added. Raises OperationError."""
    imported = imports.commit_import(draft, rows, by=request.user)
    if imported is None:
        return redirect_from_missing_draft(request)
    people = imported.registrations
    if not people:
        messages.warning(request, _("Nobody was added: everyone is already registered."))
        return redirect(f"{reverse(LIST)}?{urlencode({'event': draft.event_id})}")
    duplicates = imported.duplicates + sum(row.outcome == imports.RowOutcome.DUPLICATE for row in rows)
    report_imported(request, people, duplicates)
    return redirect(f"{reverse(LIST)}?{urlencode(make_list_filters(draft.event_id, people))}")


def report_imported(request, people: list[Registration], duplicates: int) -> None:
    waiting = sum(registration.is_waitlisted for registration in people)
    sentences = [ngettext("%d person was added.", "%d people were added.", len(people)) % len(people)]
    if waiting:
        text = ngettext("%d of them is on the waiting list.", "%d of them are on the waiting list.", waiting)
        sentences.append(text % waiting)
    if duplicates:
        sentences.append(ngettext("%d duplicate was skipped.", "%d duplicates were skipped.", duplicates) % duplicates)
    messages.success(request, " ".join([*sentences, _("The list below shows those who were added.")]))


def redirect_from_missing_draft(request):
    """For a draft that is gone: the button was pressed twice, or a day after the upload."""
    messages.warning(
        request,
        _(
            "This list is no longer available: it has already been imported, or was "
            "uploaded too long ago. Please upload it again."
        ),
    )
    return redirect(LIST)


def save_draft_choices(draft: ImportDraft) -> bool:
    """Save the choices; return False if the list was imported meanwhile."""
    chosen = {"columns": draft.columns, "sends_email": draft.sends_email}
    return ImportDraft.objects.filter(pk=draft.pk).update(**chosen) == 1


def create_draft(user, event: Event, file) -> ImportDraft:
    """Save the file for its preview, with the columns guessed from its headers. Raises UnreadableFile."""
    content = file.read(imports.MAX_BYTES + 1)  # one more, by which a file that is too large is recognised
    questions = get_answerable_questions(user, event)
    table = imports.read_table(content, set(get_known_headers(questions)))
    return ImportDraft.objects.create(
        event=event,
        created_by=user,
        file_name=file.name.replace("\0", "")[-255:],
        content=content,
        columns=imports.guess_mapping(table.headers, questions),
    )


def get_own_draft(user, key) -> ImportDraft | None:
    """Return the draft, None if it is gone. Raises Http404 for drafts of others and of events hidden from `user`."""
    drafts = ImportDraft.objects.select_related("event__venue")
    draft = drafts.visible_to(user).filter(pk=key, created_by=user).first()
    if draft is None and drafts.filter(pk=key).exists():
        raise Http404
    return draft


def get_answerable_questions(user, event: Event) -> list[Question]:
    """Return the questions to which a list imported by `user` may have answers."""
    asked = event.questions.asked().prefetch_related("choices")
    return list(asked if user.has_perm("registrations.view_needs") else asked.not_about_needs())


def preview_draft(
    form: DraftForm, draft: ImportDraft, table: imports.Table, questions: list[Question]
) -> list[imports.RowPreview]:
    """Copy the choices of the valid `form` to the draft, and return what importing each row would do."""
    draft.columns, draft.sends_email = form.columns(), form.cleaned_data["sends_email"]
    chosen = {name: form.cleaned_data[name] for name in ("tags", "language", "consent")}
    return imports.preview_rows(table, draft.event, draft.columns, questions, **chosen)


def can_be_imported(rows: list[imports.RowPreview]) -> bool:
    """An import is all or nothing: no row may be invalid, and at least one must be new."""
    outcomes = {row.outcome for row in rows}
    return imports.RowOutcome.INVALID not in outcomes and any(row.is_new for row in rows)


def group_by_outcome(rows: list[imports.RowPreview]) -> dict:
    """Return the rows by their outcome, for the template."""
    found = {outcome.value: [row for row in rows if row.outcome == outcome] for outcome in imports.RowOutcome}
    return {"rows": rows, "new": [row for row in rows if row.is_new], **found}


def get_samples(table: imports.Table) -> list[str]:
    """Return the first value of each column."""
    columns = zip(*table.rows, strict=True)
    return [next(filter(None, column), "") for column in columns]


def make_list_filters(event: int, people: list) -> dict[str, str]:
    """Return filters of the list that show exactly these people, who were registered in a row under one lock."""
    last = people[-1].created_at + timedelta(microseconds=1)
    return {"event": event, "created_at__gte": people[0].created_at.isoformat(), "created_at__lt": last.isoformat()}
