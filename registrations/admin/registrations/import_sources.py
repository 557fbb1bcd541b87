"""Which sheet of a file is imported and in which encoding it is read: what was guessed, and what is chosen instead."""

from typing import NamedTuple

from django.contrib import messages

from conference.models import Event
from registrations import imports
from registrations.imports.column_mapping import get_known_headers
from registrations.imports.forms import DraftForm, SourceForm
from registrations.models import ImportDraft, Question


class Source(NamedTuple):
    """The form with what of the file is read, the table in it, and the form for its columns and rows."""

    form: SourceForm
    table: imports.Table
    columns: DraftForm
    is_new: bool = False  # it has been chosen just now


def read_list(user, event: Event, content: bytes, *, sheet="", encoding="") -> tuple[imports.Table, list[Question]]:
    """Return the table, and the questions to which a list of `user` may have answers. Raises UnreadableFile."""
    asked = event.questions.asked().prefetch_related("choices")
    questions = list(asked if user.has_perm("registrations.view_needs") else asked.not_about_needs())
    known = set(get_known_headers(questions))
    return imports.read_table(content, known, sheet=sheet or None, encoding=encoding or None), questions


def describe_source(table: imports.Table) -> dict[str, object]:
    """What the draft keeps of how its file was read."""
    return {"sheet": table.sheet, "encoding": table.encoding, "addresses": table.addresses}


def choose_source(request, draft: ImportDraft, table: imports.Table, questions: list[Question]) -> Source:
    """Return what is read of the file: `table` unless another sheet or encoding was chosen, which the draft keeps.

    What was chosen for the columns stays where their headers stay.
    """
    form = SourceForm(request.POST or None, table=table)
    columns = DraftForm(request.POST or None, draft=draft, headers=table.headers, questions=questions)
    if not (form.is_valid() and form.has_changed()):
        return Source(form, table, columns)
    try:
        other, _questions = read_list(request.user, draft.event, bytes(draft.content), **form.cleaned_data)
    except imports.UnreadableFile as reason:
        messages.error(request, str(reason))
        return Source(SourceForm(table=table), table, columns)
    kept = columns.columns() if columns.is_valid() else draft.columns
    guessed = imports.guess_mapping(other.headers, questions, other.rows)
    draft.columns = guessed | {header: field for header, field in kept.items() if field and header in guessed}
    ImportDraft.objects.filter(pk=draft.pk).update(columns=draft.columns, **describe_source(other))
    options = {name: value for name, value in request.POST.items() if name in DraftForm.base_fields}
    columns = DraftForm(draft=draft, headers=other.headers, questions=questions, options=options)
    return Source(SourceForm(table=other), other, columns, is_new=True)
