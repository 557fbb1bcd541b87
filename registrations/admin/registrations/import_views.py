"""Taking lists of people into the site: choose a file, look at what would come of it, import it."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from conference.admin.mixins import is_pk
from conference.models import Event
from registrations import imports, operations
from registrations.imports.column_mapping import get_known_headers
from registrations.imports.forms import DraftForm, UploadForm
from registrations.models import ImportDraft, Question

LIST = "admin:registrations_registration_changelist"
UPLOAD = "admin:registrations_registration_import"
PREVIEW = "admin:registrations_registration_import_preview"


class ImportMixin:
    """For the ModelAdmin of registrations: importing a list."""

    def has_import_permission(self, request):
        # Who imports learns who is registered, by address.
        return self.has_add_permission(request) and request.user.has_perm("registrations.view_email")

    def get_urls(self):
        careful = require_http_methods(["GET", "HEAD", "POST"])
        upload, preview = (
            self.admin_site.admin_view(careful(view)) for view in (self.import_view, self.import_preview_view)
        )
        return [
            path("import/", upload, name="registrations_registration_import"),
            path("import/<uuid:key>/", preview, name="registrations_registration_import_preview"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        event = request.GET.get("event", "")
        address = reverse(UPLOAD) + (f"?event={event}" if is_pk(event) else "")
        context = {"import_address": address if self.has_import_permission(request) else None}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def import_view(self, request):
        """Choose the event and the file."""
        if not self.has_import_permission(request):
            raise PermissionDenied
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
        context = {**self.import_context(request), "form": form, "has_events": len(events) > 0}
        return render(request, "admin/registrations/registration/import.html", context)

    def import_preview_view(self, request, key):
        """Look at what would come of each row, say which column fills what, and import."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        draft = get_own_draft(request.user, key)
        if draft is None:
            return redirect_from_missing_draft(request)
        questions = get_questions(request.user, draft.event)
        try:
            table = imports.read_table(bytes(draft.content), set(get_known_headers(questions)))
        except imports.UnreadableFile as reason:  # what the headers are depends on the questions
            messages.error(request, str(reason))
            return redirect(UPLOAD)
        data = request.POST if request.method == "POST" else None
        form = DraftForm(data, draft=draft, headers=table.headers, questions=questions)
        judged, wants_import = [], "import" in request.POST
        has_changed = form.is_valid() and draft.columns != form.columns()
        if form.is_valid():
            judged = preview_rows(form, draft, table, questions)
            if wants_import and not has_changed and can_be_imported(judged):
                try:
                    return self.imported(request, draft, judged)
                except operations.OperationError as refusal:
                    messages.error(request, str(refusal))
            if not save_draft_choices(draft):
                return redirect_from_missing_draft(request)
        context = {
            **self.import_context(request),
            "draft": draft,
            "form": form,
            "columns": list(zip(form.column_fields(), get_samples(table), strict=True)),
            "splits_names": "full_name" in draft.columns.values(),
            "has_changed": wants_import and has_changed,
            "can_be_imported": can_be_imported(judged),
            **group_by_outcome(judged),
        }
        return render(request, "admin/registrations/registration/import_preview.html", context)

    def imported(self, request, draft: ImportDraft, judged: list[imports.RowPreview]):
        """Import, and show the list of those who were added, with the numbers in words. Raises Refused."""
        imported = imports.commit_import(draft, judged, by=request.user)
        if imported is None:
            return redirect_from_missing_draft(request)
        people = imported.registrations
        doubles = imported.duplicates + sum(one.outcome == imports.Outcome.DUPLICATE for one in judged)
        waiting = sum(one.is_waitlisted for one in people)
        if not people:
            messages.warning(request, _("Nobody was added: everyone is already registered."))
            return redirect(f"{reverse(LIST)}?{urlencode({'event': draft.event_id})}")
        said = [ngettext("%d person was added.", "%d people were added.", len(people)) % len(people)]
        if waiting:
            said.append(
                ngettext("%d of them is on the waiting list.", "%d of them are on the waiting list.", waiting) % waiting
            )
        if doubles:
            said.append(ngettext("%d duplicate was skipped.", "%d duplicates were skipped.", doubles) % doubles)
        messages.success(request, " ".join([*said, _("The list below shows those who were added.")]))
        return redirect(f"{reverse(LIST)}?{urlencode(make_list_filters(draft.event_id, people))}")

    def import_context(self, request) -> dict:
        return {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Import a list")}


def redirect_from_missing_draft(request):
    """Back to the list, for a draft that is not there any more: the button was pressed twice, or a day later."""
    messages.warning(
        request,
        _(
            "This list is no longer available: it has already been imported, or was "
            "uploaded too long ago. Please upload it again."
        ),
    )
    return redirect(LIST)


def save_draft_choices(draft: ImportDraft) -> bool:
    """Keep what was chosen, unless the list was imported meanwhile."""
    chosen = {"columns": draft.columns, "sends_email": draft.sends_email}
    return ImportDraft.objects.filter(pk=draft.pk).update(**chosen) == 1


def create_draft(user, event: Event, file) -> ImportDraft:
    """Keep the file for its preview, with what its headers say of themselves. Raises Unreadable."""
    if file.size > imports.MAX_BYTES:
        raise imports.make_too_large_error()
    content, questions = file.read(), get_questions(user, event)
    table = imports.read_table(content, set(get_known_headers(questions)))
    return ImportDraft.objects.create(
        event=event,
        created_by=user,
        file_name=file.name.replace("\0", "")[-255:],
        content=content,
        columns=imports.guess_mapping(table.headers, questions),
    )


def get_own_draft(user, key) -> ImportDraft | None:
    """The draft, None when it is gone. Raises Http404 for somebody else's, and for events that `user` may not see."""
    drafts = ImportDraft.objects.select_related("event__venue")
    draft = drafts.visible_to(user).filter(pk=key, created_by=user).first()
    if draft is None and drafts.filter(pk=key).exists():
        raise Http404
    return draft


def get_questions(user, event: Event) -> list[Question]:
    """The questions that a list which `user` imports can answer."""
    asked = event.questions.asked().prefetch_related("choices")
    return list(asked if user.has_perm("registrations.view_needs") else asked.not_about_needs())


def preview_rows(
    form: DraftForm, draft: ImportDraft, table: imports.Table, questions: list[Question]
) -> list[imports.RowPreview]:
    """What would come of each row under the valid `form`, whose choices the draft takes over."""
    draft.columns, draft.sends_email = form.columns(), form.cleaned_data["sends_email"]
    chosen = {name: form.cleaned_data[name] for name in ("tags", "language", "consent")}
    return imports.preview_rows(table, draft.event, draft.columns, questions, **chosen)


def can_be_imported(judged: list[imports.RowPreview]) -> bool:
    """All or nothing: somebody is new, and nobody is wrong."""
    outcomes = {one.outcome for one in judged}
    return imports.Outcome.INVALID not in outcomes and any(one.is_new for one in judged)


def group_by_outcome(judged: list[imports.RowPreview]) -> dict:
    """The rows by what would come of them, for the template."""
    found = {outcome.value: [one for one in judged if one.outcome == outcome] for outcome in imports.Outcome}
    return {"judged": judged, "new": [one for one in judged if one.is_new], **found}


def get_samples(table: imports.Table) -> list[str]:
    """The first thing that stands in each column."""
    columns = zip(*table.rows, strict=True)
    return [next(filter(None, column), "") for column in columns]


def make_list_filters(event: int, people: list) -> dict[str, str]:
    """Filters of the list that show exactly these people, who were signed up one after the other under one lock."""
    last = people[-1].created_at + timedelta(microseconds=1)
    return {"event": event, "created_at__gte": people[0].created_at.isoformat(), "created_at__lt": last.isoformat()}
