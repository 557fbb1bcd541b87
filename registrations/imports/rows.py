"""The rows of a list: who would be added, who is registered already, what is wrong and why; and their import."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.contrib.admin.models import ADDITION, LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import ngettext

from conference.models import Event, Topic
from conference.text.cleanup import clean_line
from registrations import operations
from registrations.availability import count_places, count_places_for_newcomers, get_full_choice_keys
from registrations.forms.fields import NormalizedEmailField, get_field_name
from registrations.imports.cells import get_cell_readers, limit_tags
from registrations.imports.column_mapping import ANSWER_PREFIX, FIELDS, ColumnMapping
from registrations.imports.forms import RowForm
from registrations.imports.person_rows import has_no_email, is_person, split_name_cell
from registrations.imports.row_details import IDENTITY, Details, describe_registration
from registrations.imports.tables import Table
from registrations.models import ImportDraft, Question, Registration
from registrations.operations.exceptions import BulkRegistrationError
from registrations.search import compute_person_keys


class RowOutcome(StrEnum):
    PLACE = "place"
    WAITING = "waiting"
    DUPLICATE = "duplicate"
    INVALID = "invalid"
    NOBODY = "nobody"


@dataclass
class RowPreview:
    """One row of the list: its line in the file, the person it names, and what importing it would do."""

    line: int
    # All its cells as they are in the file, and those that fill a field of the form, by its name.
    texts: list[str]
    cells: dict[str, str]
    outcome: RowOutcome = RowOutcome.PLACE
    # Why it is invalid: each reason with the label of the field that it concerns, empty for the row as a whole.
    reasons: list[tuple[str, str]] = field(default_factory=list)
    # The person's registration, or the line of this list on which they stand first.
    duplicate_of: Registration | None = None
    duplicate_of_line: int | None = None
    # What its cells were read as, and the registration to add; None for all rows that are not new.
    values: dict[str, object] = field(default_factory=dict)
    registration: Registration | None = None
    topics: Iterable[Topic] = ()
    # What would be stored beside the name and the address, or what the row holds if nothing would: labels and texts.
    details: Details = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.registration is not None

    @property
    def first_name(self) -> str:
        return self.registration.first_name if self.registration else self.cells.get("first_name", "")

    @property
    def last_name(self) -> str:
        return self.registration.last_name if self.registration else self.cells.get("last_name", "")

    @property
    def email(self) -> str:
        return self.registration.email if self.registration else self.cells.get("email", "")

    def refuse(self, reason: str, label: str = "") -> None:
        self.outcome, self.registration = RowOutcome.INVALID, None
        self.reasons.append((label, reason))


class RowChecker:
    """Checks the rows of one list as the organisers' form checks what they type. Stores nothing."""

    def __init__(
        self,
        event: Event,
        questions: list[Question],
        rows: list[RowPreview],
        tags: Iterable[str],
        defaults: Mapping[str, object],
    ):
        self.event, self.questions, self.tags_for_all, self.defaults = event, questions, list(tags), defaults
        columns: dict[str, list[str]] = {}
        for row in rows:
            for name, text in row.cells.items():
                columns.setdefault(name, []).append(text)
        self.cell_readers = get_cell_readers(event, questions, columns)
        self.labels = {**FIELDS, **{get_field_name(question): question.label for question in questions}}
        self.topics = {str(topic.pk): topic for topic in event.topics.all()}
        self.full = get_full_choice_keys(event)

    def check(self, row: RowPreview) -> None:
        """Give the row its registration, or say why there can be none."""
        errors: dict[str, list[str]] = {}
        for name, text in row.cells.items():
            try:
                if value := self.cell_readers.get(name, clean_line)(text):
                    row.values[name] = value
            except ValidationError as error:
                errors[name] = error.messages
        # Topics and tags are read already, and the form would ask the database about the topics of each row.
        data = {**self.defaults, **row.values}
        topics, tags = data.pop("topics", []), data.pop("tags", [])
        form = RowForm(data, event=self.event, questions=self.questions, full=self.full)
        errors |= {name: told for name, told in form.errors.items() if name not in errors}
        try:
            tags = limit_tags([*tags, *self.tags_for_all])
        except ValidationError as error:
            errors.setdefault("tags", error.messages)
        order = list(row.cells)
        for name in sorted(errors, key=lambda name: order.index(name) if name in order else 0):
            row.refuse(" ".join(errors[name]), str(self.labels.get(name, "")))
        if not errors:
            row.registration = form.build_registration(source=Registration.Source.IMPORT, tags=tags)
            row.topics = [self.topics[key] for key in topics]

    def describe(self, row: RowPreview) -> Details:
        """What would be stored of a new row, or what stands in another one, each with its label."""
        if row.registration:
            return describe_registration(row.registration, row.topics, self.questions)
        shown = {name: text for name, text in row.cells.items() if text and name not in IDENTITY}
        return [(str(self.labels[name]), text) for name, text in shown.items()]


def preview_rows(
    table: Table, event: Event, columns: ColumnMapping, questions: list[Question], *, tags=(), **defaults
) -> list[RowPreview]:
    """What would become of each row if the list was imported now, in the order of the file.

    `find_problems` finds none in `columns`. `tags` are for everybody; `defaults` fill the form's fields where the row
    does not. Stores nothing. The number of queries does not depend on the number of rows.
    """
    prefetch_related_objects([event], "topics", "sectors")
    asked = [question for question in questions if ANSWER_PREFIX + question.key in columns.values()]
    names = [columns.get(header, "").replace(ANSWER_PREFIX, "question_") for header in table.headers]
    rows = [read_row(line, names, texts) for line, texts in zip(table.lines, table.rows, strict=True)]
    people = [row for row in rows if row.outcome != RowOutcome.NOBODY]
    checker = RowChecker(event, asked, people, tags, defaults)
    identities = identify_people(people)
    known = event.registrations.live().not_erased().with_any_email({address for address, _person_key in identities})
    registered, lines = {(one.email.lower(), one.person_key): one for one in known}, {}
    for row, person in zip(people, identities, strict=True):
        row.duplicate_of, row.duplicate_of_line = registered.get(person), lines.get(person)
        if row.duplicate_of or row.duplicate_of_line:
            row.outcome = RowOutcome.DUPLICATE
        else:
            checker.check(row)
        if row.is_new:
            lines[person] = row.line
    refuse_shared_addresses([row for row in people if row.is_new], {one.email.lower() for one in known}, event)
    assign_places([row for row in people if row.is_new], event)
    for row in people:
        row.details = checker.describe(row)
    return rows


def read_row(line: int, names: list[str], texts: list[str]) -> RowPreview:
    """The row with its cells by what they fill; `names` has that for each column, empty where it is left out."""
    cells = {name: text for name, text in zip(names, texts, strict=True) if name}
    if has_no_email(cells.get("email", "")):
        cells["email"] = ""
    if not is_person(cells, texts):
        return RowPreview(line, texts, cells, RowOutcome.NOBODY)
    return RowPreview(line, texts, split_name_cell(cells))


def identify_people(rows: list[RowPreview]) -> list[tuple[str, str]]:
    """Return what makes the person of each row the same as another one: the address and the key of the name."""
    names = [(clean_line(row.first_name), clean_line(row.last_name)) for row in rows]
    addresses = (normalize_address(row.email) for row in rows)
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
        if address and address in taken:
            row.refuse(str(operations.AddressTaken.reason))
        taken.add(address)


def assign_places(new: list[RowPreview], event: Event) -> None:
    """Say who of the new ones, in their order, would get a place now, who would wait, and who could do neither."""
    if event.is_cancelled:
        for row in new:
            row.refuse(str(operations.EventCancelled()))
        return
    free = count_places_for_newcomers(event, count_places(event))
    for row in new[free:] if free is not None else []:
        if event.waiting_list_enabled:
            row.outcome = RowOutcome.WAITING
        else:
            row.refuse(str(operations.EventFull()))


def compute_fingerprint(rows: Iterable[RowPreview]) -> str:
    """A digest of who would be added and of all that the list says of them, by which a preview knows what it showed."""
    told = [(row.line, sorted(row.values.items())) for row in rows if row.is_new]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def commit_import(
    draft: ImportDraft, rows: list[RowPreview], *, by, left_out: ImportDraft | None = None
) -> operations.BulkResult | None:
    """Register those in `rows` who are new, put `left_out` in the place of the draft, and log who did it: `by`.

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
        if left_out:
            left_out.save(force_insert=True)
    return imported
