"""Which sheet of a file is imported, and in which encoding it is read."""

import pytest
from openpyxl import Workbook

from registrations.models import ImportDraft
from registrations.privacy import erase_person
from tests.factories import make_event, make_registration
from tests.registrations.admin.registrations.test_import_views import get_messages, post_preview, read_form, upload
from tests.registrations.admin.requests import get_page
from tests.registrations.imports.sample_files import ANNA, HEADERS, ILZE, make_csv, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_sheets() -> bytes:
    """Two lists; on the second, one row is hidden and the last column has another header."""
    book = Workbook()
    other = book.create_sheet("Otrais")
    for sheet, rows in ((book.active, [HEADERS, ANNA]), (other, [[*HEADERS[:3], "Kur strādā"], ILZE, ANNA])):
        for row in rows:
            sheet.append(row)
    book.active.title = "Pirmais"
    other.row_dimensions[3].hidden = True
    return save(book)


def test_another_sheet_is_chosen_previewed_and_imported(organiser, two_sheets):
    event = make_event()
    address = upload(organiser, event, two_sheets, "saraksts.xlsx")["Location"]
    assert '<option value="Pirmais" selected>' in get_page(organiser, address)
    content = organiser.post(address, {**read_form(organiser, address), "sheet": "Otrais"}).content.decode()
    assert "Ilze" in content
    assert "1 row that is hidden or filtered away was left out." in content
    assert '<option value="Otrais" selected>' in get_page(organiser, address)
    post_preview(organiser, address)
    assert [person.first_name for person in event.registrations.all()] == ["Ilze"]


def test_import_with_another_sheet_chosen_shows_it_first(organiser, two_sheets):
    event = make_event()
    address = upload(organiser, event, two_sheets, "saraksts.xlsx")["Location"]
    response = post_preview(organiser, address, sheet="Otrais")
    assert response.status_code == 200
    assert not event.registrations.exists()


def test_what_was_chosen_stays_where_the_headers_stay(organiser, two_sheets):
    address = upload(organiser, make_event(), two_sheets, "saraksts.xlsx")["Location"]
    chosen = {"column_0": "last_name", "column_1": "first_name", "tags": "LBB", "consent": "on", "language": "lv"}
    response = organiser.post(address, {**read_form(organiser, address), **chosen, "sheet": "Otrais"})
    draft = ImportDraft.objects.get()
    assert draft.columns == {
        "Vārds": "last_name", "Uzvārds": "first_name", "E-pasts": "email", "Kur strādā": ""
    }  # fmt: skip
    form = response.context["form"]
    assert [form[name].value() for name in ("tags", "consent", "language")] == ["LBB", True, "lv"]


def test_a_sheet_without_known_columns_can_be_chosen_and_is_kept(organiser, two_sheets):
    address = upload(organiser, make_event(), two_sheets, "saraksts.xlsx")["Location"]
    ImportDraft.objects.update(columns={})
    organiser.post(address, {**read_form(organiser, address), "column_2": "", "sheet": "Otrais"})
    assert ImportDraft.objects.get().sheet == "Otrais"


def test_a_sheet_that_cannot_be_read_is_refused_with_the_reason(organiser, two_sheets):
    event = make_event()
    address = upload(organiser, event, two_sheets, "saraksts.xlsx")["Location"]
    ImportDraft.objects.update(content=save_with_headers_only())
    response = organiser.post(address, {**read_form(organiser, address), "sheet": "Otrais"})
    assert "There are no rows under the headers." in get_messages(response)
    assert '<option value="Pirmais" selected>' in response.content.decode()


def save_with_headers_only() -> bytes:
    book = Workbook()
    for row in (HEADERS, ANNA):
        book.active.append(row)
    book.active.title = "Pirmais"
    book.create_sheet("Otrais").append(HEADERS)
    return save(book)


@pytest.mark.parametrize("changes", [{"sheet": "None such"}, {"encoding": "cp1252"}])
def test_what_is_not_offered_changes_nothing(organiser, two_sheets, changes):
    address = upload(organiser, make_event(), two_sheets, "saraksts.xlsx")["Location"]
    organiser.post(address, {**read_form(organiser, address), **changes})
    assert (ImportDraft.objects.get().sheet, ImportDraft.objects.get().encoding) == ("Pirmais", "")


def test_the_encoding_is_named_with_words_in_it_and_can_be_changed(organiser):
    event = make_event()
    rows = [["First name", "Last name", "E-mail", "Company"], ["Zoë", "Desmet", "zoe@example.be", "Bibliothèque"]]
    address = upload(organiser, event, make_csv(*rows, encoding="cp1252"))["Location"]
    content = get_page(organiser, address)
    assert "Zoë, Bibliothèque – Western European (Windows-1252)" in content
    assert "Zoė, Bibliothčque – Baltic (Windows-1257)" in content
    organiser.post(address, {**read_form(organiser, address), "encoding": "cp1257"})
    post_preview(organiser, address)
    assert event.registrations.get().first_name == "Zoė"


def test_who_is_on_another_sheet_or_in_a_hidden_row_is_erased_with_the_file(organiser, two_sheets):
    event = make_event()
    address = upload(organiser, event, two_sheets, "saraksts.xlsx")["Location"]
    assert ImportDraft.objects.get().addresses == sorted([ANNA[2], ILZE[2]])
    erase_person(make_registration(event, email=ILZE[2]))
    assert not ImportDraft.objects.exists()
    assert organiser.get(address).status_code == 302


def test_one_sheet_is_named(organiser):
    book = Workbook()
    for row in (HEADERS, ANNA):
        book.active.append(row)
    book.active.title = "Dalībnieki"
    book.active.column_dimensions["D"].hidden = True
    content = get_page(organiser, upload(organiser, make_event(), save(book), "saraksts.xlsx")["Location"])
    assert "Sheet: Dalībnieki" in content
    assert "These columns are hidden in the file, but are read too: Iestāde" in content
    assert "Read the file again" not in content
