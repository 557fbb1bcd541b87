"""The funder's report: how many people of which sector, country, kind and language registered and came.

It is anonymous: numbers only, no name of a person or an organisation, and nothing about dietary or access needs or what
only organisers fill in. Sectors, countries and languages are not merged, because funders ask for each of them and they
tell nothing else about a person. Answers to the event's questions may tell more: those that fewer than SMALL_GROUP
people gave are merged, and always at least two of them, so that none can be worked out from the others.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.fields.json import KeyTransform
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_countries import countries

from conference.models import Event
from registrations.exports.columns import ColumnType
from registrations.exports.file_formats import ExportFile
from registrations.exports.reports.sign_in_sheet import get_funding_lines
from registrations.exports.xlsx_writer import XlsxWriter, open_xlsx
from registrations.models import Question, Registration, get_chosen_keys, list_possible_answers

SMALL_GROUP = 3
# The question that funders ask for first.
FIRST_QUESTION_KEY = "organisation_type"

Status = Registration.Status
# Of a group of people: how many registered, whatever their status is now; how many have a place; how many came.
NUMBERS = {
    "registered": Count("pk"),
    "with_place": Count("pk", filter=Q(status__in=Status.occupying_place())),
    "came": Count("pk", filter=Q(checked_in_at__isnull=False)),
}


class Group(NamedTuple):
    """A group of people, with its NUMBERS."""

    label: str
    registered: int = 0
    with_place: int = 0
    came: int = 0

    def add(self, *numbers: int) -> "Group":
        return Group(self.label, *map(sum, zip(self[1:], numbers, strict=True)))


def write_funders_report(event: Event) -> ExportFile:
    """An XLSX with a sheet for each way of grouping the registrations; the file's `count` is their number."""
    today = date_format(timezone.localdate(timezone=event.zone), "DATE_FORMAT")
    above = [str(event.title), event.when, *get_funding_lines(event), _("As of %(date)s") % {"date": today}]
    # The questions with choices whose answers anybody may know.
    questions = event.questions.not_about_needs().selectable().filter(is_internal=False).prefetch_related("choices")
    first, others = [], []
    for question in questions:
        sheet = (str(question.label), merge_small_groups(count_by_answer(event, question)))
        (first if question.key == FIRST_QUESTION_KEY else others).append(sheet)
    shown, sectors = Registration.objects.list_shown_fields([event]), {one.key: one for one in event.sectors.all()}
    sheets = [
        *first,
        *([(_("By sector"), count_by_field(event, "sector", sectors))] if "sector" in shown else []),
        *([(_("By country"), count_by_field(event, "country", dict(countries)))] if "country" in shown else []),
        *others,
        (_("By language"), count_by_field(event, "language", dict(settings.LANGUAGES))),
    ]
    with open_xlsx() as xlsx:
        registered = add_totals(xlsx, event, above)
        for title, groups in sheets:
            add_groups(xlsx, title, groups, above)
    return ExportFile(xlsx.file, registered)


def add_totals(xlsx: XlsxWriter, event: Event, above: list[str]) -> int:
    """The first sheet: everybody, by status and attendance. Returns how many registered."""
    counts = event.registrations.order_by().aggregate(
        waiting=Count("pk", filter=Q(status=Status.WAITLISTED)),
        cancelled=Count("pk", filter=Q(status=Status.CANCELLED)),
        **NUMBERS,
    )
    labels = {
        "registered": _("Registered in total"),
        "with_place": _("With a place"),
        "waiting": _("On the waiting list"),
        "cancelled": _("Registrations cancelled"),
        "came": _("Attended"),
    }
    registered = counts["registered"]
    rows = [(label, counts[name], divide(counts[name], registered)) for name, label in labels.items()]
    rows.append((_("Attended, of those with a place"), counts["came"], divide(counts["came"], counts["with_place"])))
    headers = [("", ColumnType.TEXT), (_("People"), ColumnType.NUMBER), (_("Share"), ColumnType.SHARE)]
    xlsx.add_sheet(_("Totals"), headers, rows, above=above)
    return registered


def add_groups(xlsx: XlsxWriter, title: str, groups: list[Group], above: list[str]) -> None:
    """A sheet with a row for each group; its share is that of all groups together."""
    everybody = sum(group.registered for group in groups)
    rows = [(label, number, divide(number, everybody), *others) for label, number, *others in groups]
    headers = [
        (title, ColumnType.TEXT),
        (_("Registered in total"), ColumnType.NUMBER),
        (_("Share"), ColumnType.SHARE),
        (_("With a place"), ColumnType.NUMBER),
        (_("Attended"), ColumnType.NUMBER),
    ]
    xlsx.add_sheet(title, headers, rows, above=above)


def divide(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def count_by_field(event: Event, field: str, labels: Mapping[str, object]) -> list[Group]:
    """Everybody by the value of this field, the largest group first. One query."""
    counts = event.registrations.values_list(field).annotate(**NUMBERS).order_by("-registered", field)
    return [Group(str(labels.get(code, code) or _("not given")), *numbers) for code, *numbers in counts]


def count_by_answer(event: Event, question: Question) -> list[Group]:
    """Those who answered, by their choice, in the choices' order; who chose several is in several. One query."""
    groups = {key: Group(label) for key, label, _is_removed in list_possible_answers(question)}
    answers = event.registrations.order_by().values_list(KeyTransform(question.key, "answers"))
    for answer, *numbers in answers.annotate(**NUMBERS):
        for key in get_chosen_keys(answer):
            if key in groups:
                groups[key] = groups[key].add(*numbers)
    return list(groups.values())


def merge_small_groups(groups: list[Group]) -> list[Group]:
    """The groups, with those of fewer than SMALL_GROUP people put together; a single one with the next smallest."""
    number = sum(group.registered < SMALL_GROUP for group in groups)
    if not number:
        return groups
    small = sorted(groups, key=lambda group: group.registered)[: max(number, 2)]
    merged = Group(_("others, each chosen by few people"))
    for group in small:
        merged = merged.add(*group[1:])
    return [*(group for group in groups if group not in small), merged]
