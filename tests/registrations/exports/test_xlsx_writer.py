from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from openpyxl.utils.escape import unescape

from registrations.exports.access import OPERATOR_ACCESS
from registrations.exports.columns import ColumnType
from registrations.exports.csv_writer import FORMULA_STARTS
from registrations.exports.lists import write_registrations
from registrations.exports.xlsx_writer import MAX_WIDTH, open_xlsx
from registrations.models import Registration
from tests.factories import make_choice, make_event, make_question, make_registration
from tests.registrations.exports.file_readers import read_rows, read_workbook


def write_sheet(headers, values, title="Sheet", above=()):
    with open_xlsx() as made:
        count = made.add_sheet(title, headers, values, above=above)
    sheet = read_workbook(made.file).active
    return sheet, count


def export_xlsx(names, title="Conference", language="en"):
    with translation.override(language):
        file, _count, _names = write_registrations(
            Registration.objects.order_by("pk"), "xlsx", OPERATOR_ACCESS, names=names, title=title
        )
    return read_workbook(file).active


@pytest.mark.parametrize(
    "value",
    [
        *(f"{start}1+1" for start in FORMULA_STARTS if start.strip()),
        '=HYPERLINK("http://x")',
        "{=1}",
        "https://example.org",
        "mailto:a@b.lv",
        "internal:Sheet1!A1",
        "007",
        "1e5",
        "TRUE",
        "  spaces around  ",
        "two\nlines",
        "<b>&amp;</b> \"quotes\" 'apostrophes'",
        "emoji 🙂 and עברית and e\u0301",
        "_x0041_",
        "\x07bell",
        "\ufffe",
        "'s-Gravenhage",
    ],
)
def test_text_stays_exactly_what_was_typed(value):
    sheet, _count = write_sheet([(value, ColumnType.TEXT)], [[value]], above=[value])
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells)
    # Excel understands these escapes by itself, the reader on request.
    assert unescape(sheet.cell(sheet.max_row, 1).value) == value


@pytest.mark.django_db
def test_cells_hold_real_numbers_and_dates_in_the_events_time_zone():
    event = make_event(time_zone="Europe/Riga")
    lisbon = make_event(time_zone="Europe/Lisbon")
    for position, kind in enumerate(["number", "date", "yes_no", "several_of"]):
        question = make_question(event, f"a_{kind}", kind=kind, label=kind, position=position)
    for key in ("one", "two"):
        make_choice(question, key, label=key.title())
    answers = {"a_number": 41.5, "a_date": "2027-09-18", "a_yes_no": False, "a_several_of": ["two", "one"]}
    created_at = datetime(2027, 1, 31, 22, 30, 15, 999999, tzinfo=UTC)
    make_registration(event, answers=answers, created_at=created_at, reference="00012345")
    make_registration(event, answers={"a_number": "about 40", "a_date": "1066-10-14"}, created_at=created_at)
    make_registration(lisbon, created_at=created_at)
    names = ["reference", "created_at", "cancelled_at", *(f"answers.{key}" for key in answers)]
    sheet = export_xlsx(names)
    assert read_rows(sheet)[1] == [
        "00012345",
        datetime.fromisoformat("2027-02-01 00:30:15"),
        None,
        41.5,
        datetime.fromisoformat("2027-09-18"),
        "no",
        "One, Two",
    ]
    assert read_rows(sheet)[2][3:] == ["about 40", "1066-10-14", None, None]
    assert read_rows(sheet)[3][1] == datetime.fromisoformat("2027-01-31 22:30:15")
    assert [sheet.cell(2, n).number_format for n in (2, 4, 5)] == ["yyyy-mm-dd hh:mm", "General", "yyyy-mm-dd"]
    assert sheet.title == "Conference"
    assert [cell.value for cell in export_xlsx(names, language="lv")[1]][:2] == [
        "Reģistrācijas kods",
        "Reģistrācijas laiks",
    ]


@pytest.mark.parametrize("above", [[], ["A title", "a line"]])
def test_headers_are_frozen_filter_and_fit_their_columns(above):
    headers = [
        ("Short", ColumnType.TEXT),
        ("Long", ColumnType.TEXT),
        ("When", ColumnType.MOMENT),
        ("Number", ColumnType.NUMBER),
    ]
    values = [
        ["a", "x" * 30, datetime.fromisoformat("2027-01-01"), 1],
        ["b", "y" * 500, None, 2],
        ["c", "two\nlines", None, 3],
    ]
    sheet, count = write_sheet(headers, values, above=above)
    top = len(above) + 2 if above else 1
    assert count == 3
    assert sheet.freeze_panes == f"A{top + 1}"
    assert sheet.auto_filter.ref == f"A{top}:D{top + 3}"
    widths = [sheet.column_dimensions[letter].width for letter in "ABCD"]
    assert widths[0] < 12 < widths[2] < widths[1]
    assert widths[1] == pytest.approx(MAX_WIDTH, abs=1)
    assert sheet.print_title_rows == f"${top}:${top}"
    assert sheet.cell(top, 1).font.bold


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**20, "1e400", "nan", "", "12 345"])
def test_values_that_excel_cannot_hold_as_numbers_are_text(value):
    sheet, _count = write_sheet([("Number", ColumnType.NUMBER)], [[value]])
    assert sheet["A2"].value == (str(value) or None)


@pytest.mark.parametrize("value", ["1899-12-31", "not a date", "2027-02-30", date(1500, 1, 1)])
def test_values_that_excel_cannot_hold_as_dates_are_text(value):
    sheet, _count = write_sheet([("Date", ColumnType.DATE)], [[value]])
    assert sheet["A2"].value == str(value)


def test_a_text_too_long_for_a_cell_is_truncated_and_the_rest_is_complete():
    sheet, _count = write_sheet([("A", ColumnType.TEXT), ("B", ColumnType.TEXT)], [["ā" * 40_000, "after"]])
    assert len(sheet["A2"].value) == 32_767
    assert sheet["B2"].value == "after"


@pytest.mark.parametrize(
    ("title", "sheet_title"),
    [
        ("Libraries", "Libraries"),
        ("a/b\\c[d]e:f*g?h", "a b c d e f g h"),
        ("'quoted'", "quoted"),
        ("two\nlines\t\x00", "two lines"),
        ("x" * 300, "x" * 31),
        ("🙂" * 40, "–"),
        ("", "–"),
        ("History", "History 2"),
    ],
)
def test_any_title_becomes_one_that_excel_accepts(title, sheet_title):
    assert write_sheet([("A", ColumnType.TEXT)], [], title=title)[0].title == sheet_title


def test_sheets_with_equal_titles_are_numbered():
    with open_xlsx() as made:
        for title in ("By country", "BY COUNTRY", "y" * 40, "y" * 50):
            made.add_sheet(title, [("A", ColumnType.TEXT)], [])
    assert read_workbook(made.file).sheetnames == ["By country", "BY COUNTRY 2", "y" * 31, "y" * 29 + " 2"]


def test_a_file_that_could_not_be_finished_is_closed():
    def breaking():
        yield ["a"]
        raise RuntimeError

    with pytest.raises(RuntimeError), open_xlsx() as made:
        made.add_sheet("A", [("A", ColumnType.TEXT)], breaking())
    assert made.file.closed
