"""Workbooks as spreadsheet programs and people make them."""

import io
import re
from datetime import date, datetime, time, timedelta

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from registrations.imports import UnreadableFile, describe_left_out, read_table
from registrations.imports.column_mapping import get_known_headers
from tests.registrations.imports.sample_files import ANNA, HEADERS, ILZE, make_xlsx, replace_parts, save

KNOWN = set(get_known_headers([]))
JANIS = ["Jānis", "Ozols", "janis@example.lv", "Cēsu bibliotēka"]
STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/": b"http://purl.oclc.org/ooxml/officeDocument/",
}


def make_book(*rows) -> Workbook:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return book


def read_book(book: Workbook, **source):
    return read_table(save(book), KNOWN, **source)


def read_cell(value, number_format="General") -> str:
    """What is read of a cell with this value and format."""
    book = make_book(["Vārds", "Vērtība"], ["Anna", value])
    book.active["B2"].number_format = number_format
    return dict(zip(*[(table := read_book(book)).headers, table.rows[0]], strict=True)).get("Vērtība", "")


def test_merged_cells_have_their_value_in_every_row():
    book = make_book(HEADERS, [*ANNA[:3], "Valmieras bibliotēka"], ILZE[:3], JANIS[:3], [*ANNA[:3], "Cēsu bibliotēka"])
    book.active.merge_cells("D2:D4")
    assert [row[3] for row in read_book(book).rows] == [*["Valmieras bibliotēka"] * 3, "Cēsu bibliotēka"]


def test_merged_cells_have_their_value_in_every_column_beside_other_text():
    book = make_book([*HEADERS, "Pirmā diena", "Otrā diena"], [*ANNA, "jā"], ILZE)
    book.active.merge_cells("E2:F3")
    assert [row[4:] for row in read_book(book).rows] == [["jā", "jā"], ["jā", "jā"]]


def test_a_merged_title_and_merged_headings_are_no_people():
    book = make_book(["Dalībnieki"], HEADERS, ["Vidzeme"], ANNA, ["Latgale"], ILZE)
    for cells in ("A1:D1", "A3:D3", "A5:D5"):
        book.active.merge_cells(cells)
    table = read_book(book)
    assert (table.headers, table.rows, table.lines) == (HEADERS, [ANNA, ILZE], [4, 6])
    assert describe_left_out(table.left_out) == ["1 line above the headers was left out.", "2 headings were left out."]


def test_merged_cells_keep_the_value_of_a_first_row_that_is_hidden():
    book = make_book(HEADERS, ANNA, ILZE[:3])
    book.active.merge_cells("D2:D3")
    book.active.row_dimensions[2].hidden = True
    assert read_book(book).rows == [[*ILZE[:3], ANNA[3]]]


def test_rows_that_are_hidden_or_filtered_away_are_left_out_and_counted():
    book = make_book(HEADERS, ANNA, JANIS, ILZE)
    book.active.auto_filter.ref = "A1:D4"
    book.active.row_dimensions[3].hidden = True
    table = read_book(book)
    assert (table.rows, table.lines) == ([ANNA, ILZE], [2, 4])
    assert describe_left_out(table.left_out) == ["1 row that is hidden or filtered away was left out."]
    # Who is on them is on the list all the same, and the list goes when they are erased.
    assert table.addresses == ["anna@example.lv", "ilze@example.lv", "janis@example.lv"]


def test_a_list_of_which_every_row_is_hidden_is_refused():
    book = make_book(HEADERS, ANNA)
    book.active.row_dimensions[2].hidden = True
    with pytest.raises(UnreadableFile, match="no rows under the headers"):
        read_book(book)


def test_hidden_columns_are_read_and_named():
    book = make_book(HEADERS, ANNA)
    book.active.column_dimensions["C"].hidden = True
    table = read_book(book)
    assert (table.rows, table.hidden_headers) == ([ANNA], ["E-pasts"])


@pytest.fixture
def three_sheets():
    """Instructions, a list, and another list that is hidden."""
    book = make_book(["Kā aizpildīt šo tabulu"], ["1. Aizpildiet otro lapu."])
    for name, row in (("Dalībnieki", ANNA), ("Vecie", ILZE)):
        sheet = book.create_sheet(name)
        sheet.append(HEADERS)
        sheet.append(row)
    book.active.title = "Instrukcija"
    book["Vecie"].sheet_state = "hidden"
    return book


def test_the_sheet_in_which_headers_are_recognised_is_proposed_and_others_can_be_chosen(three_sheets):
    table = read_book(three_sheets)
    assert (table.sheet, table.rows) == ("Dalībnieki", [ANNA])
    assert table.sheets == [
        ("Instrukcija", "Instrukcija"),
        ("Dalībnieki", "Dalībnieki"),
        ("Vecie", "Vecie (hidden)"),
    ]
    assert table.addresses == ["anna@example.lv", "ilze@example.lv"]
    assert read_book(three_sheets, sheet="Instrukcija").headers == ["Kā aizpildīt šo tabulu"]
    assert read_book(three_sheets, sheet="Vecie").rows == [ILZE]
    assert read_book(three_sheets, sheet="None such").sheet == "Dalībnieki"


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_never_proposed(three_sheets, state):
    del three_sheets["Instrukcija"]
    three_sheets["Vecie"].sheet_state = state
    three_sheets["Dalībnieki"].delete_rows(1, 2)
    with pytest.raises(UnreadableFile, match="All sheets with content are hidden"):
        read_book(three_sheets)
    three_sheets["Dalībnieki"]["A1"] = "Something"
    three_sheets["Dalībnieki"]["A2"] = "else"
    assert read_book(three_sheets).sheet == "Dalībnieki"


def test_a_sheet_with_headers_and_nobody_is_not_proposed_before_one_with_people(three_sheets):
    three_sheets["Instrukcija"].delete_rows(1, 2)
    three_sheets["Instrukcija"].append(HEADERS)
    assert read_book(three_sheets).sheet == "Dalībnieki"


def test_a_sheet_that_is_too_long_can_stand_beside_the_list(three_sheets):
    three_sheets["Instrukcija"].cell(30_000, 1, "x")
    table = read_book(three_sheets)
    assert (table.sheet, table.addresses) == ("Dalībnieki", None)
    with pytest.raises(UnreadableFile, match="has more than 20000 rows"):
        read_book(three_sheets, sheet="Instrukcija")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Bērziņa_x000D_", "Bērziņa"),
        ("Valmieras_x000D_\nbibliotēka", "Valmieras\nbibliotēka"),
        ("a_x0009_b", "a\tb"),
        ("_x005F_x000D_", "_x000D_"),
        ("_x0000_a", "a"),
        ("_xD83C__xDF38_", "🌸"),
        ("_xD83C_", "\ufffd"),
        ("_x00", "_x00"),
    ],
)
def test_escaped_characters_are_decoded(written, text):
    assert read_cell(written) == text


def test_texts_that_cells_share_are_read_without_their_formats():
    """As Excel writes them, of which XlsxWriter has the ways."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Saraksts")
        sheet.write_row(0, 0, ["Vārds", "Uzvārds", "Piezīmes", "Amats"])
        sheet.write_rich_string(1, 0, "Anna ", book.add_format({"bold": True}), "Marija")
        sheet.write_row(1, 1, ["Bērziņa\r", "_x000D_", "Bērziņa\r"])
    assert read_table(file.getvalue()).rows == [["Anna Marija", "Bērziņa", "_x000D_", "Bērziņa"]]


def make_strict(content: bytes) -> bytes:
    def change(name, data):
        for usual, strict in STRICT.items():
            data = data.replace(usual, strict)
        return name, data

    return replace_parts(content, change)


def test_strict_open_xml_is_read():
    book = make_book([*HEADERS, "Dzimšanas diena"], [*ANNA, "DATE"])
    content = replace_parts(
        save(book),
        lambda name, data: (name, data.replace(b't="inlineStr"><is><t>DATE</t></is>', b't="d"><v>2026-09-19</v>')),
    )
    assert read_table(make_strict(content)).rows == [[*ANNA, "19.09.2026"]]


@pytest.mark.parametrize(
    "rename",
    [
        lambda name: name.replace("/", "\\"),
        str.upper,
        lambda name: f"/{name}",
        lambda name: name.replace("xl/workbook.xml", "xl/workbook2.xml").replace("book.xml.rels", "book2.xml.rels"),
    ],
)
def test_parts_are_found_however_programs_name_them(rename):
    def change(name, data):
        return rename(name), data.replace(b"xl/workbook.xml", rename("xl/workbook.xml").encode())

    assert read_table(replace_parts(make_xlsx(HEADERS, ANNA), change)).rows == [ANNA]


def test_elements_with_a_prefix_are_read():
    def change(name, data):
        if "worksheets" in name:
            data = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", data).replace(b"xmlns=", b"xmlns:x=")
        return name, data

    assert read_table(replace_parts(make_xlsx(HEADERS, ANNA), change)).rows == [ANNA]


@pytest.mark.parametrize(("written", "text"), [("1E3", "1000"), ("-.5", "-0.5"), ("Ilze", "Ilze"), ("NaN", "NaN")])
def test_what_should_be_a_number_is_read_as_text_if_it_is_none(written, text):
    content = replace_parts(
        make_xlsx(["Vārds", "Vērtība"], ["Anna", 5]),
        lambda name, data: (name, data.replace(b"<v>5</v>", f"<v>{written}</v>".encode())),
    )
    assert read_table(content).rows == [["Anna", text]]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"])
def test_error_values_are_nothing(error):
    assert read_cell(error) == ""
    assert read_table(f"Vārds;Amats\nAnna;{error}\nIlze;#1!\n".encode()).rows == [["Anna", ""], ["Ilze", "#1!"]]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (423, "00000", "00423"),
        (37129123456, '"+"0', "+37129123456"),
        (37129123456, "+0", "+37129123456"),
        (37129123456, r"\+0", "+37129123456"),
        (37129123456, '"+"### ########', "+371 29123456"),
        (29123456, "00 000 000", "29 123 456"),
        (29123456, "+371 00000000", "+371 29123456"),
        (1050, '"LV-"0000', "LV-1050"),
        (29123456, '"+371 "General', "+371 29123456"),
        (1234, "#\\ ##0", "1 234"),
        (12, "###-####", "-12"),
        (12, "[$-426]0000", "0012"),
        (-5, "000", "-005"),
        (-5, "000;(000)", "(005)"),
        (0, '0;-0;"nav"', "nav"),
        (0, "0;;", ""),
        (3, '0;-0;"nav"', "3"),
        (37129123456, "General", "37129123456"),
        (1234567, "#,##0", "1234567"),
        (12.5, "0.00", "12.5"),
        (12, "0.00", "12"),
        (0.5, "0%", "50%"),
        (0.125, "0.00%", "12.5%"),
        (0.1, "General", "0.1"),
        (3.7, "000", "3.7"),
        (12, '#,##0.00 "€"', "12"),
        (5551234, "[<=9999999]###-####;(###) ###-####", "5551234"),
        ("anna", '@"@lnb.lv"', "anna@lnb.lv"),
        ("anna", "@", "anna"),
        ("00423", "@", "00423"),
        (True, "General", "yes"),
        (False, "General", "no"),
        (date(2026, 9, 9), "yyyy-mm-dd", "09.09.2026"),
        (date(2026, 9, 9), "[$-426]d. mmmm, yyyy", "09.09.2026"),
        (46284, "mm-dd-yy", "19.09.2026"),
        (datetime(2026, 9, 19, 8, 30), "dd.mm.yyyy hh:mm", "19.09.2026 08:30"),  # noqa: DTZ001
        (datetime(2026, 9, 19, 8, 30), "dd.mm.yyyy", "19.09.2026"),  # noqa: DTZ001
        (datetime(2026, 9, 19, 8, 30), "hh:mm", "08:30"),  # noqa: DTZ001
        (datetime(2026, 9, 19), "dd.mm.yyyy hh:mm", "19.09.2026"),  # noqa: DTZ001
        (time(8, 5), "h:mm AM/PM", "08:05"),
        (46284.354166664, "hh:mm", "08:30"),
        ("09:00", "hh:mm", "09:00"),
        (timedelta(hours=26, minutes=5), "[h]:mm", "26:05"),
        (0, "dd.mm.yyyy", ""),
        (10**9, "dd.mm.yyyy", ""),
    ],
)
def test_numbers_dates_and_texts_are_read_as_their_reader_sees_them(value, number_format, text):
    assert read_cell(value, number_format) == text


def test_dates_count_from_1904_where_the_workbook_says_so():
    book = make_book(["Vārds", "Diena"], ["Anna", date(2026, 9, 19)])
    book.epoch = CALENDAR_MAC_1904
    assert read_book(book).rows == [["Anna", "19.09.2026"]]
