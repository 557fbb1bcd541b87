"""The rows of a list, judged one by one: who would be added, who is there already, what is wrong and why."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import RowResult

from conference.models import Event, Topic
from registrations.availability import count_places, count_places_for_newcomers, get_full_choice_keys
from registrations.forms import NormalizedEmailField, get_field_name
from registrations.imports.cells import get_cell_readers, make_too_many_tags_message
from registrations.imports.column_mapping import ANSWER_PREFIX, FIELDS, ColumnMapping
from registrations.imports.row_form import RowForm
from registrations.imports.table_reader import Table
from registrations.models import Question, Registration
from registrations.operations import MAX_TAGS, EventFull


class Outcome(StrEnum):
    PLACE = "place"
    WAITING = "waiting"
    DOUBLE = "double"
    WRONG = "wrong"


@dataclass
class RowPreview:
    """One row of the list: on which line it stands, whom it names, and what would come of it."""

    line: int
    first_name: str
    last_name: str
    email: str
    organisation: str
    outcome: Outcome
    # Why it is wrong, each reason with the label of what it concerns, empty for the row as a whole.
    reasons: list[tuple[str, str]] = field(default_factory=list)
    # The registration that is there already, or the line of this list on which the address stands first.
    duplicate_of: Registration | None = None
    duplicate_of_line: int | None = None
    # Whom to sign up; None for those who are wrong or a double.
    registration: Registration | None = None
    topics: Iterable[Topic] = ()

    @property
    def is_new(self) -> bool:
        return self.registration is not None

    def refuse(self, reason: str, label: str = "") -> None:
        self.outcome, self.registration = Outcome.WRONG, None
        self.reasons.append((label, reason))


class Cell(Field):
    """Reads a cell into the form's data."""

    def save(self, instance, row, is_m2m=False, **kwargs):
        value = self.clean(row, **kwargs)
        if self.attribute == "full_name":
            instance["first_name"], instance["last_name"] = split_full_name(value)
        elif value:
            instance[self.attribute] = value


class Row(RowResult):
    """What django-import-export tells of a row, and whom it describes."""

    def __init__(self):
        super().__init__()
        self.duplicate_of: Registration | int | None = None
        self.registration: Registration | None = None
        self.topics: Iterable[Topic] = ()


class People(Resource):
    """Reads rows as the organisers' form reads what they type. Stores nothing: the operation that signs up does."""

    class Meta:
        import_id_fields = ()
        force_init_instance = True
        instance_loader_class = BaseInstanceLoader
        use_transactions = False
        using_db = "default"
        skip_diff = True
        store_instance = True
        report_skipped = True

    def __init__(
        self, event: Event, columns: ColumnMapping, questions: list[Question], tags: Iterable[str], defaults: dict
    ):
        super().__init__()
        self.event, self.everybodys_tags, self.defaults = event, list(tags), defaults
        self.questions = [question for question in questions if ANSWER_PREFIX + question.key in columns.values()]
        reading = get_cell_readers(event, questions)
        for header, name in columns.items():
            if name in reading:
                attribute = f"question_{name.removeprefix(ANSWER_PREFIX)}" if name.startswith(ANSWER_PREFIX) else name
                self.fields[name] = Cell(attribute=attribute, column_name=header, widget=reading[name])
        self.topics = {str(topic.pk): topic for topic in event.topics.all()}
        self.full = get_full_choice_keys(event)
        self.known: dict[str, Registration | int] = {}

    @classmethod
    def get_row_result_class(cls):
        return Row

    def before_import(self, dataset, **kwargs):
        """Finds out, once for all rows, who of them is registered already."""
        cell = self.fields["email"]
        emails = {normalize_address(cell.widget.clean(text)) for text in dataset[cell.column_name]}
        live = self.event.registrations.live().with_any_email(emails - {""})
        self.known = {registration.email.lower(): registration for registration in live}

    def init_instance(self, row=None):
        return dict(self.defaults)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return normalize_address(instance.get("email", "")) in self.known

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """Raises ValidationError for what the widgets could not read and for what the form refuses.

        Topics and tags are the widgets' alone: the form would ask the database about the topics of each row.
        """
        unread = import_validation_errors or {}
        judged = {name: value for name, value in instance.items() if name not in ("topics", "tags")}
        form = RowForm(judged, event=self.event, questions=self.questions, full=self.full)
        refused = {name: errors for name, errors in form.errors.as_data().items() if name not in unread}
        if "tags" not in unread and len(self.tags(instance.get("tags", ""))) > MAX_TAGS:
            refused["tags"] = [ValidationError(make_too_many_tags_message())]
        if unread or refused:
            raise ValidationError({name: list(errors) for name, errors in {**unread, **refused}.items()})
        instance["form"] = form

    def save_instance(self, instance, is_create, row, **kwargs):
        """Nothing yet."""

    def after_import_row(self, row, row_result, row_number=None, **kwargs):
        email = normalize_address(row_result.instance.get("email", ""))
        if row_result.is_skip():
            row_result.duplicate_of = self.known[email]
            return
        form = row_result.instance["form"]
        row_result.registration = form.filled_in()
        row_result.registration.tags = self.tags(row_result.instance.get("tags", ""))
        row_result.topics = [self.topics[key] for key in row_result.instance.get("topics", [])]
        self.known[email] = row_number

    def tags(self, text: str) -> list[str]:
        """Those in the row, then those that everybody gets."""
        return list(dict.fromkeys(filter(None, [*text.split(", "), *self.everybodys_tags])))

    def place(self, name: str) -> int:
        """Where the column that fills the form's field of this name stands."""
        return next((place for place, cell in enumerate(self.fields.values()) if cell.attribute == name), 0)

    def label(self, name: str) -> str:
        """How people call the form's field of this name."""
        asked = {get_field_name(question): str(question.label) for question in self.questions}
        return str({**FIELDS, **asked}.get(name, ""))


def preview_rows(
    table: Table, event: Event, columns: ColumnMapping, questions: list[Question], *, tags=(), **defaults
) -> list[RowPreview]:
    """What would come of each row if the list was imported now, in the order of the file.

    `columns` are without `problems`. `tags` are for everybody; `defaults` are what the form is given where no column
    gives it. Stores nothing. A few queries, whatever the length of the list.
    """
    prefetch_related_objects([event], "topics")
    people = People(event, columns, questions, tags, defaults)
    result = people.import_data(table.rows, dry_run=False, raise_errors=False)
    for _number, errors in result.row_errors():
        raise errors[0].error  # no fault of the list
    judged = []
    for line, texts, row in zip(table.lines, table.rows.dict, result.rows, strict=True):
        one = RowPreview(line, *read_identity(texts, columns), outcome=Outcome.PLACE)
        judged.append(one)
        if row.is_invalid():
            told = row.validation_error.message_dict
            for name in sorted(told, key=people.place):
                reasons = told[name]
                one.refuse(" ".join(reasons), people.label(name))
        elif row.is_skip():
            one.outcome = Outcome.DOUBLE
            if isinstance(row.duplicate_of, Registration):
                one.duplicate_of = row.duplicate_of
            else:
                one.duplicate_of_line = table.lines[row.duplicate_of - 1]
        else:
            one.registration, one.topics = row.registration, row.topics
    assign_places([one for one in judged if one.is_new], event)
    return judged


def assign_places(new: list[RowPreview], event: Event) -> None:
    """Say who of the new ones, in their order, would get a place now, who would wait, and who could not even that."""
    free = count_places_for_newcomers(event, count_places(event))
    for one in new[free:] if free is not None else []:
        if event.waiting_list_enabled:
            one.outcome = Outcome.WAITING
        else:
            one.refuse(str(EventFull()))


def read_identity(texts: dict[str, str], columns: ColumnMapping) -> list[str]:
    """First name, last name, e-mail and organisation as they stand in a row."""
    given = {name: texts[header] for header, name in columns.items() if name}
    names = split_full_name(given["full_name"]) if "full_name" in given else (given["first_name"], given["last_name"])
    return [*names, given["email"], given.get("organisation", "")]


def split_full_name(full_name: str) -> tuple[str, str]:
    """First names and last name: the last word is the last name, or what stands before a comma."""
    last, comma, first = full_name.partition(",")
    if not comma:
        first, _space, last = full_name.strip().rpartition(" ")
        first, last = (first, last) if first else (last, "")
    return first.strip(), last.strip()


def normalize_address(text: str) -> str:
    """The e-mail address in the spelling by which two are the same; nothing when it is none."""
    try:
        return NormalizedEmailField(required=False).clean(text).lower()
    except ValidationError:
        return ""
