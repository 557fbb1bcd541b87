import pytest

from registrations.imports import RowOutcome
from tests.factories import make_event
from tests.registrations.imports.sample_files import make_xlsx, preview_file

pytestmark = pytest.mark.django_db

HEADERS = ["Nr.p.k.", "Vārds", "Uzvārds", "E-pasts", "Iestāde"]
ANNA = [1, "Anna", "Bērziņa", "anna@example.lv", "A"]
TOGETHER = ["Vārds Uzvārds", "E-pasts", "Iestāde"]
ILZE = ["Ilze Liepa", "ilze@example.lv", "B"]


@pytest.mark.parametrize(
    ("headers", "person", "row"),
    [
        (HEADERS, ANNA, [2, "-", "–", None, "Rezervēts"]),
        (HEADERS, ANNA, ["Kopā: 2", None, None, None, None]),
        (HEADERS, ANNA, [None, "Kopā", None, None, 2]),
        (HEADERS, ANNA, [None, "Total:", 2, None, None]),
        (HEADERS, ANNA, ["Vidzeme", None, None, None, None]),
        (HEADERS, ANNA, [None, "Vidzeme", None, None, None]),
        (TOGETHER, ILZE, ["Vidzeme", None, None]),
        (TOGETHER, ILZE, ["Vidzemes reģions", None, None]),
        (TOGETHER, ILZE, ["Pavisam = 12", None, None]),
    ],
)
def test_rows_without_a_person_are_told_apart(headers, person, row):
    rows = preview_file(make_xlsx(headers, person, row), make_event())
    assert [one.outcome for one in rows] == [RowOutcome.PLACE, RowOutcome.NOBODY]
    assert rows[0].is_new
    assert not rows[1].is_new
    assert rows[1].line == 3


@pytest.mark.parametrize(
    ("headers", "person", "row"),
    [
        (HEADERS, ANNA, [2, "Milda", "Vecā", "-", "Pensionāru biedrība"]),
        (HEADERS, ANNA, [2, "Milda", None, None, None]),
        (HEADERS, ANNA, [None, None, None, "x@example.lv", None]),
        (HEADERS, ANNA, [None, "Kopā", "Liepa", "x@example.lv", None]),
        (HEADERS, ANNA, [None, "Summa", "Liepa", "x@example.lv", None]),
        (TOGETHER, ILZE, ["Milda Vecā", None, None]),
        (TOGETHER, ILZE, ["Jan van der Berg", None, None]),
        (TOGETHER, ILZE, ["Suharto", "x@example.lv", None]),
        (TOGETHER, ILZE, ["Suharto", None, "Bibliotēka"]),
    ],
)
def test_a_person_of_whom_little_is_known_is_none_of_them(headers, person, row):
    rows = preview_file(make_xlsx(headers, person, row), make_event())
    assert RowOutcome.NOBODY not in [one.outcome for one in rows]
