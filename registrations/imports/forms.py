"""The forms of an import: the upload of a file, the choices for its columns and rows, and the check of each row."""

from collections.abc import Mapping

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference.models import Event
from registrations.forms.fields import get_field_name, make_question_field
from registrations.forms.organiser import OrganiserAddForm
from registrations.forms.questionnaire import list_fields_left_out
from registrations.imports.cells import read_tags
from registrations.imports.column_mapping import ANSWER_PREFIX, FIELDS, ColumnMapping, find_problems
from registrations.imports.tables import Table
from registrations.models import ImportDraft, Question


class UploadForm(forms.Form):
    event = forms.ModelChoiceField(label=_("Event"), queryset=Event.objects.none())
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX or CSV. A title may be above the headers, and the columns may be in any order."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
    )

    def __init__(self, *args, events, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["event"].queryset = events


class SourceForm(forms.Form):
    """What of the file is read, and in which encoding, where there is something to choose from."""

    def __init__(self, data=None, *, table: Table):
        chosen = {"sheet": table.sheet, "encoding": table.encoding}
        super().__init__({**chosen, **(data.dict() if data else {})}, initial=chosen)
        for name, label, offered in (
            ("sheet", _("Sheet"), table.sheets),
            ("encoding", _("Read the letters as"), table.encodings),
        ):
            if len(offered) > 1:
                self.fields[name] = forms.ChoiceField(label=label, choices=offered)


class DraftForm(forms.Form):
    """A select for each column, and what is done with all rows."""

    language = forms.ChoiceField(
        label=_("Language of e-mail"),
        choices=settings.LANGUAGES,
        help_text=_("Used where a row does not name a language."),
    )
    tags = forms.CharField(
        label=_("Tags for everybody"),
        required=False,
        max_length=200,
        help_text=_("Your own labels for finding these people, separated by commas."),
    )
    consent = forms.BooleanField(
        label=_("They have agreed to the use of their data (see the privacy notice)"),
        required=False,
        help_text=_("Tick this only if they have told you so."),
    )
    has_no_emails = forms.BooleanField(
        label=_("These people have no e-mail address"),
        required=False,
        help_text=_("They get no e-mail. You can print their tickets and personal links."),
    )
    sends_email = forms.BooleanField(
        label=_("E-mail everybody who is added"),
        required=False,
        help_text=_("The usual e-mail: whether they have a place or are on the waiting list, and their personal link."),
    )

    def __init__(self, data=None, *, draft: ImportDraft, headers: list[str], questions: list[Question], options=()):
        left_out = list_fields_left_out(draft.event)
        guessed = [draft.columns.get(header, "") for header in headers]
        columns = {f"column_{place}": "" if name in left_out else name for place, name in enumerate(guessed)}
        # Bound from the start, so that problems with the guessed columns are shown at once.
        super().__init__({"language": get_language(), **dict(options), **columns} if data is None else data)
        self.headers = dict(zip(columns, headers, strict=True))
        offered = [("", _("skip")), (_("Person"), [item for item in FIELDS.items() if item[0] not in left_out])]
        if questions:
            asked = [(ANSWER_PREFIX + question.key, str(question.label)) for question in questions]
            offered.append((_("Questions"), asked))
        for name, header in self.headers.items():
            self.fields[name] = forms.ChoiceField(label=header, choices=offered, required=False)
        if "email" in [self.data.get(name) for name in self.headers]:
            del self.fields["has_no_emails"]

    def options(self):
        """The fields for all rows."""
        return [self[name] for name in self.base_fields if name in self.fields]

    def column_fields(self):
        """The selects, in the order of the columns."""
        return [self[name] for name in self.headers]

    def clean_tags(self) -> list[str]:
        return read_tags(self.cleaned_data["tags"])

    def clean(self):
        for problem in find_problems(self.columns(), has_emails=not self.cleaned_data.get("has_no_emails")):
            self.add_error(None, problem)

    def columns(self) -> ColumnMapping:
        """What each column fills."""
        return {header: self.cleaned_data.get(name, "") for name, header in self.headers.items()}


class RowForm(OrganiserAddForm):
    """A person in a list, and the answers to `questions`, also those about needs, which organisers enter elsewhere.

    `full` has the keys of the full choices, by the keys of their questions, found once for all rows.
    """

    def __init__(self, *args, questions: list[Question], full: Mapping[str, set[str]], **kwargs):
        super().__init__(*args, full=full, **kwargs)
        self.other_questions = [question for question in questions if get_field_name(question) not in self.fields]
        for question in self.other_questions:
            field = make_question_field(question, full=full.get(question.key, frozenset()), by_organiser=True)
            self.fields[get_field_name(question)] = field

    def clean(self):
        cleaned = super().clean()
        for question in self.other_questions:
            self.answers[question.key] = self.get_answer(question)
        return cleaned
