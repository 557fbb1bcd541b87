"""The rows of a list: who would be added, who is registered already, what is wrong and why; and their import."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.contrib.admin.models import ADDITION, LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import ngettext

from conference.models import Event, Topic
from registrations import operations
from registrations.availability import count_places, count_places_for_newcomers, get_full_choice_keys
from registrations.forms.fields import NormalizedEmailField, get_field_name
from registrations.imports.cells import get_cell_readers, limit_tags, read_email, read_line
from registrations.imports.column_mapping import ANSWER_PREFIX, FIELDS, ColumnMapping
from registrations.imports.forms import RowForm
from registrations.imports.table_reader import Table
from registrations.models import ImportDraft, Question, Registration
from registrations.operations.exceptions import BulkRegistrationError
from registrations.search import compute_person_keys


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
    outcome: RowOutcome = RowOutcome.PLACE
    # Why it is invalid: each reason with the label of the field that it concerns, empty for the row as a whole.
    reasons: list[tuple[str, str]] = field(default_factory=list)
    # The person's registration, or the line of this list on which they stand first.
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


class RowChecker:
    """Checks the rows of one list as the organisers' form checks what they type. Stores nothing."""

    def __init__(self, event: Event, questions: list[Question], tags: Iterable[str], defaults: Mapping[str, object]):
        self.event, self.questions, self.tags_for_all, self.defaults = event, questions, list(tags), defaults
        self.cell_readers = get_cell_readers(event, questions)
        self.labels = {**FIELDS, **{get_field_name(question): question.label for question in questions}}
        self.topics = {str(topic.pk): topic for topic in event.topics.all()}
        self.full = get_full_choice_keys(event)

    def check(self, row: RowPreview, cells: Mapping[str, str]) -> None:
        """Give the row its registration, or say why there can be none. `cells` are named by the form's fields."""
        data, errors = dict(self.defaults), {}
        for name, text in cells.items():
            try:
                if value := self.cell_readers.get(name, read_line)(text):
                    data[name] = value
            except ValidationError as error:
                errors[name] = error.messages
        # Topics and tags are read already, and the form would ask the database about the topics of each row.
        topics, tags = data.pop("topics", []), data.pop("tags", [])
        form = RowForm(data, event=self.event, questions=self.questions, full=self.full)
        errors |= {name: told for name, told in form.errors.items() if name not in errors}
        try:
            tags = limit_tags([*tags, *self.tags_for_all])
        except ValidationError as error:
            errors.setdefault("tags", error.messages)
        order = list(cells)
        for name in sorted(errors, key=lambda name: order.index(name) if name in order else 0):
            row.refuse(" ".join(errors[name]), str(self.labels.get(name, "")))
        if not errors:
            row.registration = form.build_registration(source=Registration.Source.IMPORT, tags=tags)
            row.topics = [self.topics[key] for key in topics]


def preview_rows(
    table: Table, event: Event, columns: ColumnMapping, questions: list[Question], *, tags=(), **defaults
) -> list[RowPreview]:
    """What would become of each row if the list was imported now, in the order of the file.

    `find_problems` finds none in `columns`. `tags` are for everybody; `defaults` fill the form's fields where the row
    does not. Stores nothing. The number of queries does not depend on the number of rows.
    """
    prefetch_related_objects([event], "topics")
    asked = [question for question in questions if ANSWER_PREFIX + question.key in columns.values()]
    checker = RowChecker(event, asked, tags, defaults)
    names = [columns.get(header, "").replace(ANSWER_PREFIX, "question_") for header in table.headers]
    rows = [name_cells(names, texts) for texts in table.rows]
    people = identify_people(rows)
    known = event.registrations.live().with_any_email({address for address, _person_key in people if address})
    registered = {(one.email.lower(), one.person_key): one for one in known}
    lines, previews = {}, []
    for line, cells, person in zip(table.lines, rows, people, strict=True):
        identity = (cells.get(name, "") for name in ("first_name", "last_name", "email", "organisation"))
        row = RowPreview(line, *identity, duplicate_of=registered.get(person), duplicate_of_line=lines.get(person))
        if row.duplicate_of or row.duplicate_of_line:
            row.outcome = RowOutcome.DUPLICATE
        else:
            checker.check(row, cells)
        if row.is_new:
            lines[person] = line
        previews.append(row)
    refuse_shared_addresses([row for row in previews if row.is_new], {one.email.lower() for one in known}, event)
    assign_places([row for row in previews if row.is_new], event)
    return previews


def name_cells(names: list[str], texts: list[str]) -> dict[str, str]:
    """The cells of a row that fill something, by the names of the form's fields; a full name is split."""
    cells = {name: text for name, text in zip(names, texts, strict=True) if name}
    if "full_name" not in cells:
        return cells
    first_name, last_name = split_full_name(read_line(cells.pop("full_name")))
    return {"first_name": first_name, "last_name": last_name, **cells}


def split_full_name(full_name: str) -> tuple[str, str]:
    """First names and last name: the last word is the last name, or what stands before a comma."""
    last, comma, first = full_name.partition(",")
    if comma:
        return first.strip(), last.strip()
    first, _space, last = full_name.rpartition(" ")
    return (first, last) if first else (last, "")


def identify_people(rows: list[dict[str, str]]) -> list[tuple[str, str]]:
    """Return what makes the person of each row the same as another one: the address and the key of the name."""
    names = [(read_line(cells.get("first_name", "")), read_line(cells.get("last_name", ""))) for cells in rows]
    addresses = (normalize_address(read_email(cells["email"])) for cells in rows)
    return list(zip(addresses, compute_person_keys(names), strict=True))


def normalize_address(text: str) -> str:
    """The e-mail address in the spelling by which two are the same; empty when it is not an address."""
    try:
        return NormalizedEmailField(required=False).clean(text).lower()
    except ValidationError:
        return ""


def refuse_shared_addresses(new: list[RowPreview], taken: set[str], event: Event) -> None:
    """Refuse who has an address that is `taken`, or stands in an earlier row, if the event takes one of each."""
    for row in new if event.one_per_address else ():
        address = row.registration.email.lower()
        if address in taken:
            row.refuse(str(operations.AddressTaken.reason))
        elif address:
            taken.add(address)


def assign_places(new: list[RowPreview], event: Event) -> None:
    """Say who of the new ones, in their order, would get a place now, who would wait, and who could do neither."""
    free = count_places_for_newcomers(event, count_places(event))
    for row in new[free:] if free is not None else []:
        if event.waiting_list_enabled:
            row.outcome = RowOutcome.WAITING
        else:
            row.refuse(str(operations.EventFull()))


def commit_import(draft: ImportDraft, rows: list[RowPreview], *, by) -> operations.BulkResult | None:
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
        count = len(imported.registrations)
        text = ngettext("Imported %(count)d registration.", "Imported %(count)d registrations.", count)
        # The file's name is left out: it may name a person.
        LogEntry.objects.log_actions(by.pk, [draft.event], ADDITION, change_message=text % {"count": count})
        draft.delete()
    return imported
