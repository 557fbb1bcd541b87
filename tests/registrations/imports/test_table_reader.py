import io
import re
import zipfile
from contextlib import suppress
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from registrations.imports import MAX_BYTES, MAX_ROWS, UnreadableFile, read_table
from tests.registrations.imports.sample_files import ANNA, HEADERS, ILZE, make_csv, make_xlsx, replace_parts, save

ROWS = [HEADERS, ANNA, ILZE]


@pytest.mark.parametrize(
    "content",
    [
        make_csv(*ROWS),
        make_csv(*ROWS, encoding="utf-8-sig"),
        make_csv(*ROWS, delimiter=",", encoding="utf-8", end="\n"),
        make_csv(*ROWS, delimiter=",", encoding="utf-8-sig"),
        make_csv(*ROWS, delimiter="\t", encoding="utf-16"),
        make_csv(*ROWS, delimiter="\t", encoding="cp1257"),
        b"\xfe\xff" + make_csv(*ROWS, delimiter="\t", encoding="utf-16-be"),
        b"sep=,\r\n" + make_csv(*ROWS, delimiter=",", encoding="utf-8"),
        make_xlsx(*ROWS),
        make_xlsx(*ROWS, before=["Tukša", "Arī tukša"]),
    ],
)
def test_a_list_is_read_however_it_was_saved(content):
    table = read_table(content)
    assert table.headers == HEADERS
    assert [list(row) for row in table.rows] == [ANNA, ILZE]


def test_lines_are_counted_as_in_the_file_also_across_line_breaks_in_quotes():
    long_note = ["Jānis", "Ozols", "janis@example.lv", "Pirmā rinda\nOtrā rinda"]
    table = read_table(make_csv(HEADERS, ANNA, ["", "", "", ""], long_note, ILZE))
    assert table.lines == [2, 4, 6]
    assert table.rows[1][3] == "Pirmā rinda\nOtrā rinda"
    assert read_table(b"sep=;\r\n" + make_csv(HEADERS, ANNA)).lines == [3]
    assert read_table(make_xlsx(HEADERS, [], ANNA, [None, ""], ILZE)).lines == [3, 5]


def test_commas_in_a_semicolon_separated_list_split_nothing():
    table = read_table(make_csv(["Vārds", "Piezīmes"], ["Anna", "a, b, c, d"], ["Ilze", "e, f, g, h"]))
    assert table.headers == ["Vārds", "Piezīmes"]


def test_a_title_above_the_headers_is_skipped():
    table = read_table(make_xlsx(["Dalībnieku saraksts, 2026"], [], HEADERS, ANNA), {"vards", "uzvards"})
    assert (table.headers, table.lines) == (HEADERS, [4])


def test_headers_are_made_unique_and_empty_columns_are_left_out():
    table = read_table(make_csv(["Vārds", "Vārds", "", ""], ["a", "b", "c", ""], ["d"]))
    assert table.headers == ["Vārds", "Vārds (2)", "column C"]
    assert [list(row) for row in table.rows] == [["a", "b", "c"], ["d", "", ""]]


def test_cells_of_a_workbook_are_read_as_people_see_them():
    moments = [date(2026, 9, 9), datetime(2026, 9, 19), datetime(2026, 9, 19, 8, 30), time(8, 5)]  # noqa: DTZ001
    table = read_table(make_xlsx(["a", "b", "c", "d", "e", "f", "g", "h"], [*moments, 12.0, 0.1, True, " Anna "]))
    assert list(table.rows[0]) == [
        "09.09.2026",
        "19.09.2026",
        "19.09.2026 08:30",
        "08:05",
        "12",
        "0.1",
        "yes",
        "Anna",
    ]


def test_a_formula_is_read_as_its_last_calculated_value():
    never_calculated = make_xlsx(["Vārds", "Summa"], ["Anna", "=1+1"])
    calculated = replace_part(
        never_calculated, "xl/worksheets/sheet1.xml", lambda xml: re.sub(rb"<v\s*/>|<v></v>", b"<v>2</v>", xml)
    )
    assert list(read_table(calculated).rows[0]) == ["Anna", "2"]
    assert list(read_table(never_calculated).rows[0]) == ["Anna", ""]


def replace_part(content: bytes, name: str, change) -> bytes:
    """The workbook with one of its parts changed."""
    return replace_parts(content, lambda part, data: (part, change(data) if part == name else data))


def make_zip(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b" \r\n ", "The file is empty."),
        (make_xlsx(), "The file is empty."),
        (make_csv(HEADERS), "no rows under the headers"),
        (b"%PDF-1.7 ...", "not a table"),
        (b"\x89PNG\r\n\x1a\n....", "not a table"),
        (b"<html><table>", "not a table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a password"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (make_zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "not an XLSX workbook"),
        (make_zip(**{"xl/workbook.xml": b"<broken"}), "damaged"),
        (make_zip(**{"xl/workbook.xml": b" " * (MAX_BYTES * 9)}), "too large"),
        (replace_part(make_xlsx(*ROWS), "xl/workbook.xml", lambda xml: BOMB + xml), "damaged"),
        (make_xlsx(*ROWS)[:-500], "damaged"),
        (b"a;b\r\n\0\0;\0", "cannot be read as text"),
        (b'a;b\r\n"' + b"x" * 200_000, "from line 2 onwards"),
        (b"x" * (MAX_BYTES + 1), "larger than 5 MB"),
        (make_csv(HEADERS, *[ANNA] * (MAX_ROWS + 1)), "more than"),
        (make_csv(["a"] * 101, ["b"] * 101), "more than 100 columns"),
        (make_xlsx(["a"] * 101, ["b"] * 101), "more than 100 columns"),
        (b",a" * 1_000_000 + b"\n" + b"b\n" * 900, "more than 100 columns"),
    ],
)
def test_unreadable_files_are_refused_with_a_reason(content, said):
    with pytest.raises(UnreadableFile, match=said):
        read_table(content)


def test_a_sheet_that_goes_on_without_end_is_refused():
    book = Workbook()
    book.active["A1"] = "Vārds"
    book.active.cell(1_048_576, 1, "Anna")
    with pytest.raises(UnreadableFile, match="has more than"):
        read_table(save(book))


@settings(deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=200).map(str.encode),
        st.binary(max_size=100).map(lambda data: b"PK\x03\x04" + data),
    )
)
def test_any_bytes_are_read_or_refused(content):
    with suppress(UnreadableFile):
        table = read_table(content)
        assert len(set(table.headers)) == len(table.headers)
        assert {len(row) for row in table.rows} == {len(table.headers)}
        assert len(table.lines) == len(table.rows)


@settings(deadline=None)
@given(st.integers(0, 5000), st.binary(min_size=1, max_size=20))
def test_a_damaged_workbook_is_read_or_refused(place, noise):
    content = make_xlsx(*ROWS)
    place %= len(content)
    with suppress(UnreadableFile):
        assert read_table(content[:place] + noise + content[place + len(noise) :]).headers
