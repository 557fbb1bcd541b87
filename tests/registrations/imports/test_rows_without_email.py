"""People without an e-mail address in a list."""

import pytest

from registrations import operations
from registrations.exports.access import OPERATOR_ACCESS
from registrations.exports.lists import write_registrations
from registrations.imports import RowOutcome, guess_mapping, preview_rows, read_table
from registrations.imports.column_mapping import find_problems
from registrations.models import ImportDraft, Registration
from registrations.privacy import erase_person
from tests.factories import make_event, make_registration, make_user
from tests.registrations.imports.sample_files import make_csv, preview_file

pytestmark = pytest.mark.django_db

NAMED = ["First name", "Last name", "Organisation"]


def preview(event, *rows, headers=("First name", "Last name", "E-mail")):
    return preview_file(make_csv(list(headers), *map(list, rows), encoding="utf-8"), event)


@pytest.mark.parametrize("cell", ["", "-", "–", "no e-mail", "bez e-pasta", "Nav e-pasta", "nav", "none", "N/A"])
def test_who_has_no_address_is_added_without_one(cell):
    [row] = preview(make_event(), ["Milda", "Vecā", cell])
    assert row.reasons == []
    assert (row.outcome, row.registration.email) == (RowOutcome.PLACE, "")


@pytest.mark.parametrize("cell", ["milda@", "anonymous", "milda(at)example.lv", "67123456"])
def test_what_was_meant_as_an_address_is_an_error(cell):
    known = [[name, "Vecā", f"{name}@example.lv"] for name in ("Anna", "Ilze")]
    row = preview(make_event(), *known, ["Milda", "Vecā", cell])[-1]
    assert (row.outcome, row.reasons[0][0]) == (RowOutcome.INVALID, "E-mail")


def test_the_same_list_again_adds_nobody_again():
    event = make_event()
    milda = make_registration(event, email="", first_name="Milda", last_name="Vecā")
    make_registration(make_event(), email="", first_name="Ilze", last_name="Vecā")
    make_registration(event, "cancelled", email="", first_name="Zane", last_name="Vecā")
    make_registration(event, first_name="Anna", last_name="Vecā")
    rows = preview(event, ["MILDA", "Veca", ""], *([name, "Vecā", ""] for name in ("Ilze", "Zane", "Anna", "Anna")))
    assert [row.outcome.value for row in rows] == ["duplicate", "place", "place", "place", "duplicate"]
    assert (rows[0].duplicate_of, rows[4].duplicate_of_line) == (milda, rows[3].line)


def test_people_without_an_address_share_none():
    event = make_event(one_per_address=True)
    make_registration(event, email="", first_name="Milda", last_name="Vecā")
    rows = preview(event, ["Ilze", "Vecā", ""], ["Zane", "Vecā", ""])
    assert [row.outcome.value for row in rows] == ["place", "place"]
    operations.register_all(event, [(row.registration, []) for row in rows], notify=True)


def test_what_was_exported_can_be_imported():
    event = make_event()
    make_registration(event, email="", first_name="Milda", last_name="Vecā")
    with write_registrations(Registration.objects.all(), "csv", OPERATOR_ACCESS).file as file:
        [row] = preview_file(file.read(), make_event())
    assert (row.reasons, row.registration.email) == ([], "")


def test_a_list_without_a_column_of_addresses_needs_a_tick():
    columns = dict(zip(NAMED, ["first_name", "last_name", "organisation"], strict=True))
    assert find_problems(columns) == ["Please choose the column that contains e-mail addresses."]
    assert find_problems(columns, has_emails=False) == []
    table = read_table(make_csv(NAMED, ["Milda", "Vecā", "LNB"], encoding="utf-8"), set())
    assert guess_mapping(table.headers, [], table.rows) == columns
    [row] = preview_rows(table, make_event(), columns, [], language="lv")
    assert (row.reasons, row.registration.email) == ([], "")


def test_lists_that_may_have_them_go_with_them():
    event = make_event()
    milda, anna = make_registration(event, email=""), make_registration(event)
    for one in (event, make_event()):
        ImportDraft.objects.create(event=one, created_by=make_user(), content=b"", addresses=["ilze@example.lv"])
    erase_person(anna)
    assert ImportDraft.objects.count() == 2
    erase_person(milda)
    assert ImportDraft.objects.get().event != event
