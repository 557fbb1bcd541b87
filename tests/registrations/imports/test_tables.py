"""Where the headers of a list are, and which of its lines are no rows."""

import pytest
from openpyxl import Workbook

from registrations.imports import describe_left_out, read_table
from registrations.imports.column_mapping import get_known_headers
from tests.registrations.imports.sample_files import ANNA, HEADERS, ILZE, make_csv, make_xlsx, save

KNOWN = set(get_known_headers([]))
TWO_LINES = [["Nr.", "Dalībnieks", "", "Kontakti", "", "Iestāde"], ["", "Vārds", "Uzvārds", "E-pasts", "Tālrunis", ""]]
ROW = ["1", "Anna", "Bērziņa", "anna@example.lv", "29123456", "Bibliotēka"]
LOWEST = ["Nr.", "Vārds", "Uzvārds", "E-pasts", "Tālrunis", "Iestāde"]


def test_headers_on_two_lines_are_the_lower_ones_and_the_upper_ones_where_there_are_none():
    table = read_table(make_csv(*TWO_LINES, ROW), KNOWN)
    assert (table.headers, table.rows, table.lines) == (LOWEST, [ROW], [3])
    assert describe_left_out(table.left_out) == []


def test_merged_headers_on_two_lines_are_read_too():
    book = Workbook()
    for line in [*TWO_LINES, ROW]:
        book.active.append([cell or None for cell in line])
    for cells in ("A1:A2", "B1:C1", "D1:E1", "F1:F2"):
        book.active.merge_cells(cells)
    table = read_table(save(book), KNOWN)
    assert (table.headers, table.rows) == (LOWEST, [ROW])


def test_a_row_whose_only_text_is_a_header_too_belongs_to_no_headers():
    table = read_table(make_csv(HEADERS, ["", "", "", "Bibliotēka"], ANNA), KNOWN)
    assert (table.headers, table.lines) == (HEADERS, [2, 3])


@pytest.mark.parametrize("above", [1, 12, 40])
def test_lines_above_the_headers_are_left_out_and_counted(above):
    table = read_table(make_csv(*[["Dalībnieku saraksts", "2026"]] * above, HEADERS, ANNA), KNOWN)
    assert (table.headers, table.lines) == (HEADERS, [above + 2])
    assert table.left_out == {"above": above}


def test_headers_under_a_title_are_recognised_by_their_words():
    headers = ["Ticket First Name", "Jūsu uzvārds (obligāti)", "Your e-mail address"]
    table = read_table(make_csv(["Dalībnieki", "2026", "Rīga"], headers, ANNA[:3]), KNOWN)
    assert (table.headers, table.rows) == (headers, [ANNA[:3]])


def test_a_title_is_not_the_headers_where_none_are_recognised():
    table = read_table(make_csv(["Saraksts"], ["Kas", "Kur"], ["Anna", "anna@example.lv"]), KNOWN)
    assert (table.headers, table.lines) == (["Kas", "Kur"], [3])
    assert read_table(make_csv(["Kas"], ["Anna"])).headers == ["Kas"]


def test_headers_in_two_languages_and_headers_repeated_on_each_page_are_no_people():
    english = ["First name", "Last name", "E-mail", "Organisation"]
    table = read_table(make_csv(HEADERS, english, ANNA, HEADERS, ILZE), KNOWN)
    assert (table.headers, table.rows) == (HEADERS, [ANNA, ILZE])
    assert describe_left_out(table.left_out) == ["2 lines that repeat the headers were left out."]


def test_hidden_headers_count_only_where_no_others_are_recognised():
    technical = ["first_name", "last_name", "email", "organisation"]
    book = Workbook()
    for line in (technical, HEADERS, ANNA):
        book.active.append(line)
    book.active.row_dimensions[1].hidden = True
    table = read_table(save(book), KNOWN)
    assert (table.headers, table.rows, table.left_out) == (HEADERS, [ANNA], {})
    book.active.delete_rows(2)
    assert read_table(save(book), KNOWN).headers == technical


def test_rows_with_nothing_but_a_number_are_left_out_and_counted():
    lines = [["Nr.", *HEADERS], ["1.", *ANNA], ["2"], ["3."], [4], ["5", *ILZE]]
    for content in (make_xlsx(*lines), make_csv(*[map(str, line) for line in lines])):
        table = read_table(content, KNOWN)
        assert table.lines == [2, 6]
        assert describe_left_out(table.left_out) == ["3 rows with nothing but a number were left out."]


def test_what_is_left_out_does_not_count_as_rows():
    numbers = [[str(number)] for number in range(1500)]
    assert read_table(make_csv(["Nr.", *HEADERS], ["1", *ANNA], *numbers), KNOWN).lines == [2]
