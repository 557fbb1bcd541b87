"""Files made to cost much: a small one that becomes huge, cells that take long to read."""

import io
import re
import zipfile

import pytest

from registrations.imports import UnreadableFile, cells, read_table, workbook_parts
from registrations.imports.cells import MAX_QUOTED, get_cell_readers
from registrations.imports.tables import MAX_CELL_LENGTH
from registrations.models import Question
from tests.factories import make_choice, make_event, make_question, make_topic
from tests.memory import MEGABYTE, at_most_megabytes
from tests.quick import first
from tests.registrations.imports.sample_files import (
    ANNA,
    HEADERS,
    ILZE,
    make_csv,
    make_xlsx,
    preview_file,
    replace_parts,
)

DAMAGED = "The workbook is damaged. Open it in a spreadsheet program, save it again and upload that."
ROWS = [HEADERS, ANNA, ILZE]
# 26 million letters if it is ever expanded.
BOMB = '<!DOCTYPE x [<!ENTITY a "' + "a" * 65_536 + '">]>'
LETTERS = "&a;" * 400
PARTS = zipfile.ZipFile(io.BytesIO(make_xlsx(*ROWS))).namelist()
# What tells nothing about cells is not parsed; whatever is parsed is refused.
UNREAD_PARTS = {"[Content_Types].xml", "docProps/app.xml", "docProps/core.xml", "xl/theme/theme1.xml"}


def put_bomb(content: bytes, part: str, extension: str, encoding: str) -> bytes:
    """The workbook with entities in this part, which gets another extension (all parts say so) and encoding."""
    old_name, stem = part.rpartition("/")[2].encode(), part.rpartition(".")[0]
    new_name = old_name.rpartition(b".")[0] + extension.encode()
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if extension:
                data = data.replace(old_name, new_name)
            if name == part:
                text = re.sub(r"^<\?xml[^>]*\?>", "", data.decode())
                text = BOMB + re.sub(r"(</[^>]*>|/>)$", rf"<bomb>{LETTERS}</bomb>\1", text.strip())
                data, name = text.encode(encoding), stem + extension if extension else name
            new.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize("part", PARTS)
def test_an_entity_bomb_in_any_part_is_refused_and_takes_no_memory(part):
    for extension in ["", ".XML", ".dat"] if "/worksheets/" in part or "Strings" in part else [""]:
        for encoding in ("utf-8", "utf-16"):
            content = put_bomb(make_xlsx(*ROWS), part, extension, encoding)
            assert len(content) < 20_000
            with at_most_megabytes(5):
                outcome = read_or_refuse(content)
            assert outcome == ([ANNA, ILZE] if part in UNREAD_PARTS else DAMAGED)


def read_or_refuse(content: bytes) -> list[list[str]] | str:
    """The rows of the list, or why it is refused."""
    try:
        return [list(row) for row in read_table(content).rows]
    except UnreadableFile as reason:
        return str(reason)


def test_a_cell_that_is_too_long_is_refused_by_its_line_and_column():
    right = ["x" * MAX_CELL_LENGTH, "Bērziņa", "anna@example.lv", ""]
    wrong = ["Anna", "Bērziņa", "anna@example.lv", "x" * (MAX_CELL_LENGTH + 1)]
    for make in (make_csv, make_xlsx):
        assert len(read_table(make(HEADERS, right)).rows) == 1
        with pytest.raises(UnreadableFile) as refused:
            read_table(make(HEADERS, ANNA, wrong))
        assert str(refused.value) == ("Line 3 has more than 10000 characters in column D. Please shorten them.")


@pytest.mark.parametrize("filling", ["x", "x ", ";", '""', "ﷺ"])
def test_one_huge_cell_is_refused(filling):
    huge = filling * (4 * MEGABYTE // len(filling.encode()))
    with at_most_megabytes(80), pytest.raises(UnreadableFile):
        read_table(f'Vārds;E-pasts\r\nAnna;"{huge}"\r\n'.encode())
    with pytest.raises(UnreadableFile):
        read_table(make_xlsx(HEADERS, [huge[:50_000]]))


@pytest.fixture
def readers(db):
    """The readers of an event with every type of question, and with names that have commas."""
    event = make_event()
    for number in range(30):
        make_topic(event, f"Topic {number}, and more, and even more")
    make_topic(event, "a")
    for kind in Question.Kind.values:
        question = make_question(event, kind, kind=kind)
        for number in range(20 if question.has_choices else 0):
            make_choice(question, f"c{number}", label=f"Choice {number}, perhaps")
    return get_cell_readers(event, list(event.questions.prefetch_related("choices")), {})


TITLE, CHOICE = "Topic 1, and more, and even more", "Choice 1, perhaps"
FILLINGS = [
    "x",
    "a,",
    "x,",
    f"{TITLE},",
    f"{CHOICE};",
    f"{TITLE} ",
    ",",
    ";",
    ",;|\n",
    "-,",
    " ",
    "\n",
    "1",
    "ﷺ",
    "ﷺ,",
    "<",
]


@pytest.mark.parametrize("filling", first(FILLINGS, 6))
def test_every_cell_of_100_kb_is_read_or_refused_with_little_work(readers, filling, monkeypatch):
    """The work is what is folded and looked up: in all no more than the cell has letters."""
    folded = []
    fold = cells.fold
    monkeypatch.setattr(cells, "fold", lambda text: folded.append(len(text)) or fold(text))
    text = filling * (100_000 // len(filling))
    for reader in readers.values():
        folded.clear()
        refusal = ""
        try:
            reader(text)
        except cells.ValidationError as reason:
            refusal = reason.messages[0]
        assert len(refusal) < 1500  # with the names of a few choices
        assert filling * (MAX_QUOTED + 1) not in refusal
        assert sum(folded) <= len(text)
        assert len(folded) <= 1000


def test_topics_are_looked_up_as_often_as_names_have_commas(readers, monkeypatch):
    """Repeated names were tried with every number of words, which took minutes."""
    calls = []
    normalize = cells.normalize
    monkeypatch.setattr(cells, "normalize", lambda text: calls.append(text) or normalize(text))
    assert len(readers["topics"](",".join([TITLE] * 30))) == 1
    assert len(calls) <= 30 * 2
    calls.clear()
    assert len(readers["topics"](",".join(["a"] * 100))) == 1
    assert len(calls) <= 100 * 4
    with pytest.raises(cells.ValidationError, match="more than there is to choose from"):
        readers["topics"](",".join(["a"] * 200))


def test_a_list_of_the_longest_cells_is_previewed_and_each_row_says_why(db):
    event = make_event()
    make_topic(event, "Libraries")
    headers = ["Vārds", "Uzvārds", "E-pasts", "Iestāde", "Temati", "Valsts", "Birkas", "Piezīmes"]
    row = ["x" * 9000, "y", "z" * 9000 + "@", "w" * 9000, "Libraries," * 900, "v" * 9000, "t," * 4000, "n" * 9000]
    [preview] = preview_file(make_csv(headers, row), event)
    assert [label for label, _reason in preview.reasons] == [
        "First name", "E-mail", "Organisation", "Topics of interest", "Country"
    ]  # fmt: skip
    assert max(len(reason) for _label, reason in preview.reasons) < 150


def make_sheet(cells: str, below: str) -> bytes:
    """A workbook whose only sheet has these rows, and this below them."""

    def change(name, data):
        if name != "xl/worksheets/sheet1.xml":
            return name, data
        begin, rows, _end = data.partition(b"<sheetData>")
        return name, begin + rows + cells.encode() + b"</sheetData>" + below.encode() + b"</worksheet>"

    return replace_parts(make_xlsx(*ROWS), change)


ROW = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>Anna</t></is></c><c r="B{0}"><v>{0}</v></c></row>'
THREE_ROWS = "".join(ROW.format(number) for number in (1, 2, 3))
TOO_LARGE = "The workbook is too large. Copy only the list into a new one and upload that."


def test_merging_the_whole_sheet_costs_nothing():
    with at_most_megabytes(5):
        merged = read_or_refuse(make_sheet(THREE_ROWS, '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'))
    assert merged == "There are no rows under the headers."  # it is one heading
    assert read_or_refuse(make_sheet(THREE_ROWS, '<mergeCell ref="B1:B1048576"/>')) == [["Anna", "2"], ["Anna", "3"]]


@pytest.mark.parametrize(
    ("cells", "below", "outcome"),
    [
        (THREE_ROWS, '<mergeCell ref="A1:B3"/>' * 1_000_000, DAMAGED),  # they overlap
        (THREE_ROWS, '<mergeCell ref="A9:B9"/>' * 1_000_000, TOO_LARGE),
        (THREE_ROWS, "<hyperlink/>" * 300_000, TOO_LARGE),
        ('<row r="1">' + "<c/>" * 300_000 + "</row>", "", TOO_LARGE),
        ("<row/>" * 300_000, "", TOO_LARGE),
    ],
)
def test_a_sheet_with_too_many_things_is_refused_and_takes_no_memory(cells, below, outcome, monkeypatch):
    monkeypatch.setattr(workbook_parts, "MAX_ELEMENTS", 100_000)
    content = make_sheet(cells, below)
    assert len(content) < 300_000
    with at_most_megabytes(10):
        assert read_or_refuse(content) == outcome


def test_many_names_of_one_part_are_read_once():
    sheet = b'<sheet name="%d" sheetId="%d" state="visible" r:id="rId1" />'
    many = b"".join(sheet % (number, number) for number in range(1, 5000))

    def change(name, data):
        return name, re.sub(rb"<sheet .*?/>", many, data) if name == "xl/workbook.xml" else data

    table = read_table(replace_parts(make_xlsx(*ROWS), change))
    assert (table.rows, table.sheets) == ([ANNA, ILZE], [("1", "1")])


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/styles.xml", b'<numFmts count="0" />', b'<numFmts><numFmt numFmtId="0" formatCode="%s" /></numFmts>'),
        ("xl/worksheets/sheet1.xml", b"<v>2</v>", b"<v>%s</v>"),
        ("xl/worksheets/sheet1.xml", b't="inlineStr"><is><t>Anna</t></is>', b"><v>%s</v>"),
        ("xl/worksheets/sheet1.xml", b"Anna", b"%s"),
    ],
)
@pytest.mark.parametrize("filling", [b"[", b"9", b"_x", b"_x0041_", b"#", b"\xef\xb7\xba"])
def test_a_long_text_anywhere_in_a_workbook_is_read_or_refused_with_little_work(part, old, new, filling):
    """Where it was read in the square of its length, this took hours."""
    filled = new % (filling * (2 * MEGABYTE // len(filling)))

    def change(name, data):
        assert name != part or old in data
        return name, data.replace(old, filled) if name == part else data

    read_or_refuse(replace_parts(make_sheet(THREE_ROWS, ""), change))
