"""What LibreOffice makes of the CSV, as whoever opens it by a double click sees it."""

import csv
import io

import openpyxl
import pytest

from registrations.exports.access import OPERATOR_ACCESS
from registrations.exports.lists import write_registrations
from registrations.models import Registration
from tests.factories import make_event, make_registration
from tests.registrations.exports.file_readers import convert_file

pytestmark = pytest.mark.django_db

TYPED = [
    "Āčēģīķļņšūž",
    "semicolon; comma, \"quotes\" and 'apostrophes'",
    "two\nlines",
    "=1+1",
    "+371 12345678",
    "-5",
    "@SUM(A1)",
    "007",
    "Щербак Żółć",
]
# Fields by semicolon (59), quoted by " (34), UTF-8 (76), from the first line, every column as it is detected.
READ = "--infilter=CSV:59,34,76,1"


@pytest.fixture
def content() -> bytes:
    event = make_event()
    for value in TYPED:
        make_registration(event, organisation=value)
    names = ["organisation", "reference"]
    file, _count, _names = write_registrations(Registration.objects.order_by("pk"), "csv", OPERATOR_ACCESS, names=names)
    with file:
        return file.read()


def escape(value: str) -> str:
    """An apostrophe stands before what would be run."""
    return f"'{value}" if value[0] in "=+-@" else value


def test_a_spreadsheet_opens_the_csv_without_loss(content, tmp_path):
    made = convert_file(tmp_path, content, "csv", "xlsx", READ)
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    cells = [sheet.cell(row, 1) for row in range(2, len(TYPED) + 2)]
    assert "f" not in {cell.data_type for cell in cells}
    values = [str(cell.value) for cell in cells]
    assert [value.lstrip("0").lstrip("'") for value in values] == [value.lstrip("0") for value in TYPED]


def test_a_spreadsheet_saves_the_csv_again_without_loss(content, tmp_path):
    made = convert_file(tmp_path, content, "csv", "csv:Text - txt - csv (StarCalc):59,34,76", READ)
    lines = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert lines[0] == ["Organisation", "Reference"]
    assert len(lines) == len(TYPED) + 1
    values = [line[0].lstrip("0").lstrip("'") for line in lines[1:]]
    assert values == [value.lstrip("0") for value in TYPED]
