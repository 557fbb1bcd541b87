"""What importing a list would do, row by row: who would be added, who is registered already, what is wrong and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects

from conference.models import Event, Topic
from registrations.availability import count_places, count_places_for_newcomers, get_full_choice_keys
from registrations.forms.fields import NormalizedEmailField, get_field_name
from registrations.imports.cells import get_cell_readers, make_too_many_tags_message
from registrations.imports.column_mapping import ANSWER_PREFIX, FIELDS, ColumnMapping
from registrations.imports.row_form import RowForm
from registrations.imports.table_reader import Table
from registrations.models import Question, Registration
from registrations.operations import MAX_TAGS, EventFull


class RowOutcome(StrEnum):
    PLACE = "place"
    WAITING = "waiting"
    DUPLICATE = "duplicate"
    INVALID = "invalid"


@dataclass
class RowPreview:
    """One row of the list: its line in the file, the person it names, and what importing it would do."""

    line: int
    first_name: str
    last_name: str
    email: str
    organisation: str
    outcome: RowOutcome
    # Why it is invalid: each reason with the label of the field that it concerns, empty for the row as a whole.
    reasons: list[tuple[str, str]] = field(default_factory=list)
    # The existing registration, or the line of this list on which the same address stands first.
    duplicate_of: Registration | None = None
    duplicate_of_line: int | None = None
    # The registration to add; None for invalid rows and duplicates.
    registration: Registration | None = None
    topics: Iterable[Topic] = ()

    @property
    def is_new(self) -> bool:
        return self.registration is not None

    def refuse(self, reason: str, label: str = "") -> None:
        self.outcome, self.registration = RowOutcome.INVALID, None
        self.reasons.append((label, reason))

    def mark_duplicate(self, of: "Registration | int") -> None:
        """`of` is a registration, or a line of the list."""
        self.outcome = RowOutcome.DUPLICATE
        if isinstance(of, Registration):
            self.duplicate_of = of
        else:
            self.duplicate_of_line = of


class RowReader:
    """Reads the rows of one list as the organisers' form reads what they type. Stores nothing."""

    def __init__(self, event: Event, columns: ColumnMapping, questions: list[Question], tags: Iterable[str], defaults):
        self.event, self.tags_for_all, self.defaults = event, list(tags), defaults
        self.questions = [question for question in questions if ANSWER_PREFIX + question.key in columns.values()]
        cell_readers = get_cell_readers(event, self.questions)
        self.cell_readers = {name: cell_readers[name] for name in columns.values() if name in cell_readers}
        self.topics = {str(topic.pk): topic for topic in event.topics.all()}
        self.full = get_full_choice_keys(event)

    def read(self, cells: Mapping[str, str]) -> tuple[dict, dict[str, str]]:
        """The form's data in these cells, and what is wrong with the cells that cannot be read, by their fields."""
        data, errors = dict(self.defaults), {}
        for name, read_cell in self.cell_readers.items():
            try:
                value = read_cell(cells[name])
            except ValidationError as error:
                errors[get_form_field_name(name)] = " ".join(error.messages)
                continue
            if name == "full_name":
                data["first_name"], data["last_name"] = split_full_name(value)
            elif value:
                data[get_form_field_name(name)] = value
        return data, errors

    def check(self, row: RowPreview, data: dict, errors: dict[str, str]) -> None:
        """Give the row its registration, or say why there can be none."""
        # Topics and tags are read already, and the form would ask the database about the topics of each row.
        typed = {name: value for name, value in data.items() if name not in ("topics", "tags")}
        form = RowForm(typed, event=self.event, questions=self.questions, full=self.full)
        found = errors | {name: " ".join(told) for name, told in form.errors.items() if name not in errors}
        tags = list(dict.fromkeys([*data.get("tags", []), *self.tags_for_all]))
        if len(tags) > MAX_TAGS:
            found.setdefault("tags", make_too_many_tags_message())
        if found:
            for name in sorted(found, key=self.get_position):
                row.refuse(found[name], self.get_label(name))
        else:
            row.registration = form.build_registration(source=Registration.Source.IMPORT, tags=tags)
            row.topics = [self.topics[key] for key in data.get("topics", [])]

    def get_position(self, field_name: str) -> int:
        """Which of the columns fills this field of the form."""
        names = [get_form_field_name(name) for name in self.cell_readers]
        return names.index(field_name) if field_name in names else 0

    def get_label(self, field_name: str) -> str:
        asked = {get_field_name(question): question.label for question in self.questions}
        return str({**FIELDS, **asked}.get(field_name, ""))


def preview_rows(
    table: Table, event: Event, columns: ColumnMapping, questions: list[Question], *, tags=(), **defaults
) -> list[RowPreview]:
    """What would become of each row if the list was imported now, in the order of the file.

    `find_problems` finds none in `columns`. `tags` are for everybody; `defaults` fill the form's fields where the row
    does not. Stores nothing. The number of queries does not depend on the number of rows.
    """
    prefetch_related_objects([event], "topics")
    reader = RowReader(event, columns, questions, tags, defaults)
    names = [columns.get(header, "") for header in table.headers]
    rows = [{name: text for name, text in zip(names, texts, strict=True) if name} for texts in table.rows]
    known = find_registered(event, [reader.cell_readers["email"](cells["email"]) for cells in rows])
    previews = []
    for line, cells in zip(table.lines, rows, strict=True):
        row = RowPreview(line, *read_identity(cells), outcome=RowOutcome.PLACE)
        data, errors = reader.read(cells)
        address = normalize_address(data.get("email", ""))
        if address in known:
            row.mark_duplicate(known[address])
        else:
            reader.check(row, data, errors)
            if row.is_new:
                known[address] = line
        previews.append(row)
    assign_places([row for row in previews if row.is_new], event)
    return previews


def find_registered(event: Event, emails: Iterable[str]) -> dict[str, Registration | int]:
    """The live registrations with any of these addresses, by their normalized address. One query."""
    addresses = {normalize_address(email) for email in emails} - {""}
    return {found.email.lower(): found for found in event.registrations.live().with_any_email(addresses)}


def assign_places(new: list[RowPreview], event: Event) -> None:
    """Say who of the new ones, in their order, would get a place now, who would wait, and who could do neither."""
    free = count_places_for_newcomers(event, count_places(event))
    for row in new[free:] if free is not None else []:
        if event.waiting_list_enabled:
            row.outcome = RowOutcome.WAITING
        else:
            row.refuse(str(EventFull()))


def read_identity(cells: Mapping[str, str]) -> list[str]:
    """First name, last name, e-mail and organisation as they are written in a row."""
    full_name = cells.get("full_name")
    names = (cells["first_name"], cells["last_name"]) if full_name is None else split_full_name(full_name)
    return [*names, cells["email"], cells.get("organisation", "")]


def get_form_field_name(column_name: str) -> str:
    """The form's field for what a column fills."""
    key = column_name.removeprefix(ANSWER_PREFIX)
    return column_name if key == column_name else f"question_{key}"


def split_full_name(full_name: str) -> tuple[str, str]:
    """First names and last name: the last word is the last name, or what stands before a comma."""
    last, comma, first = full_name.partition(",")
    if not comma:
        first, _space, last = full_name.strip().rpartition(" ")
        first, last = (first, last) if first else (last, "")
    return first.strip(), last.strip()


def normalize_address(text: str) -> str:
    """The e-mail address in the spelling by which two are the same; empty when it is not an address."""
    try:
        return NormalizedEmailField(required=False).clean(text).lower()
    except ValidationError:
        return ""
