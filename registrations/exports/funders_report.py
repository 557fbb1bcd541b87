"""The funder's report: how many people of which sector, country, kind and language registered and came.

It is anonymous. It has numbers only, no name of a person or an organisation, and nothing about dietary or access needs
or what only organisers fill in. Sectors, countries and languages stand as they are, for a funder asks for each of them,
and they tell nothing of a person but that. Answers to the event's questions may tell more: those that fewer than FEW
people gave are put together, and always at least two of them, so that none can be worked out from the others.
"""

from collections.abc import Mapping
from typing import BinaryIO

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.fields.json import KeyTransform
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_countries import countries

from conference.models import Event
from registrations.exports.column_types import ColumnType
from registrations.exports.funding import get_funding_lines
from registrations.exports.xlsx_writer import XlsxWriter, open_xlsx
from registrations.models import Question, Registration

SMALL_GROUP = 3
# The question that funders ask for first.
FIRST_QUESTION_KEY = "organisation_type"

Status = Registration.Status
# Of a group of people: how many registered, whatever became of it; how many have a place; how many came.
REGISTERED = Count("pk")
WITH_PLACE = Count("pk", filter=Q(status__in=Status.occupying_place()))
CAME = Count("pk", filter=Q(checked_in_at__isnull=False))
# A group's label, then these three numbers.
Group = tuple[str, int, int, int]


def write_funders_report(event: Event) -> tuple[BinaryIO, int]:
    """An XLSX with a sheet for each matter, as an open file at its start, and how many registrations it counts."""
    today = date_format(timezone.localdate(timezone=event.zone), "DATE_FORMAT")
    above = [str(event.title), event.when, *get_funding_lines(event), _("As of %(date)s") % {"date": today}]
    first, others = [], []
    for question in get_reported_questions(event):
        sheet = (str(question.label), merge_small_groups(count_by_answer(event, question)))
        (first if question.key == FIRST_QUESTION_KEY else others).append(sheet)
    with open_xlsx() as xlsx:
        registered = add_totals(xlsx, event, above)
        for title, groups in [
            *first,
            (_("By sector"), count_by_field(event, "sector", dict(Registration.Sector.choices))),
            (_("By country"), count_by_field(event, "country", dict(countries))),
            *others,
            (_("By language"), count_by_field(event, "language", dict(settings.LANGUAGES))),
        ]:
            add_groups(xlsx, title, groups, above)
    return xlsx.file, registered


def get_reported_questions(event: Event):
    """The questions answered by choosing that anybody may know of."""
    return event.questions.not_about_needs().selectable().filter(is_internal=False).prefetch_related("choices")


def add_totals(xlsx: XlsxWriter, event: Event, above: list[str]) -> int:
    """The first sheet: everybody, and what became of them. Returns how many registered."""
    counted = event.registrations.order_by().aggregate(
        registered=REGISTERED,
        with_place=WITH_PLACE,
        waiting=Count("pk", filter=Q(status=Status.WAITLISTED)),
        cancelled=Count("pk", filter=Q(status=Status.CANCELLED)),
        came=CAME,
    )
    labels = {
        "registered": _("Registered in all"),
        "with_place": _("With a place"),
        "waiting": _("On the waiting list"),
        "cancelled": _("Registrations cancelled"),
        "came": _("Came"),
    }
    registered = counted["registered"]
    rows = [(label, counted[name], divide(counted[name], registered)) for name, label in labels.items()]
    rows.append((_("Came, of those with a place"), counted["came"], divide(counted["came"], counted["with_place"])))
    headers = [("", ColumnType.TEXT), (_("People"), ColumnType.NUMBER), (_("Share"), ColumnType.SHARE)]
    xlsx.add_sheet(_("Totals"), headers, rows, above=above)
    return registered


def add_groups(xlsx: XlsxWriter, title: str, groups: list[Group], above: list[str]) -> None:
    """A sheet that tells of each group how many registered, what share of all groups that is, and what became of it."""
    everybody = sum(registered for _name, registered, *_numbers in groups)
    rows = [
        (label, registered, divide(registered, everybody), with_place, came)
        for label, registered, with_place, came in groups
    ]
    headers = [
        (title, ColumnType.TEXT),
        (_("Registered in all"), ColumnType.NUMBER),
        (_("Share"), ColumnType.SHARE),
        (_("With a place"), ColumnType.NUMBER),
        (_("Came"), ColumnType.NUMBER),
    ]
    xlsx.add_sheet(title, headers, rows, above=above)


def divide(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def count_by_field(event: Event, field: str, labels: Mapping[str, object]) -> list[Group]:
    """Everybody by what stands in this field, the largest group first. One query."""
    rows = event.registrations.order_by().values_list(field)
    counted = rows.annotate(registered=REGISTERED, with_place=WITH_PLACE, came=CAME).order_by("-registered", field)
    return [(str(labels.get(code, code) or _("not given")), *numbers) for code, *numbers in counted]


def count_by_answer(event: Event, question: Question) -> list[Group]:
    """Those who answered by what they chose, in the choices' order. One query. Who chose several is in several."""
    people = event.registrations.order_by().annotate(given=KeyTransform(question.key, "answers")).values_list("given")
    given: dict[object, list[int]] = {}
    for answer, *numbers in people.annotate(registered=REGISTERED, with_place=WITH_PLACE, came=CAME):
        for code in answer if isinstance(answer, list) else [answer]:
            given[code] = add_up([given.get(code, [0, 0, 0]), numbers])
    if question.kind == Question.Kind.YES_NO:
        offered = [(True, _("yes")), (False, _("no"))]
    else:
        offered = [(choice.key, str(choice.label)) for choice in question.choices.all()]
    return [(label, *given.get(code, [0, 0, 0])) for code, label in offered]


def merge_small_groups(groups: list[Group]) -> list[Group]:
    """The groups, with those of fewer than FEW people put together; if that is one alone, the next smallest too."""
    by_size = sorted(groups, key=lambda group: group[1])
    number = sum(registered < SMALL_GROUP for _name, registered, *_numbers in groups)
    small = by_size[: max(number, 2)] if number else []
    kept = [group for group in groups if group not in small]
    if not small:
        return kept
    return [*kept, (_("others, each chosen by few people"), *add_up([numbers for _name, *numbers in small]))]


def add_up(rows: list[list[int]]) -> list[int]:
    return [sum(numbers) for numbers in zip(*rows, strict=True)]
