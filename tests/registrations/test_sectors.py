"""Each event has its own sectors."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from conference.admin.publication_checks import settings_url
from conference.models import DEFAULT_SECTORS, Event, Sector
from registrations import operations
from registrations.exports.access import OPERATOR_ACCESS
from registrations.exports.lists import write_registrations
from registrations.exports.reports.funders_report import write_funders_report
from registrations.models import Registration, list_details
from registrations.permissions import ORGANISERS
from registrations.statistics.charts import get_charts
from tests.factories import make_event, make_form_data, make_registration, make_user
from tests.registrations.admin.events.test_event_admin import make_event_form
from tests.registrations.admin.events.test_new_event import make_new_event_form
from tests.registrations.admin.requests import LIST_URL, get_page
from tests.registrations.imports.sample_files import make_csv, preview_file

pytestmark = pytest.mark.django_db

CRAFTS = [("weaving", {"lv": "aušana", "en": "weaving"}), ("pottery", {"lv": "podniecība", "en": "pottery"})]


@pytest.fixture
def organiser(client):
    client.force_login(make_user(ORGANISERS))
    return client


def make_craft_event(**values) -> Event:
    event = make_event(**values)
    event.sectors.all().delete()
    for position, (key, label) in enumerate(CRAFTS):
        Sector.objects.create(event=event, key=key, label=label, position=position)
    return event


def read_options(html: str) -> list[tuple[str, str]]:
    select = re.search(r'<select name="sector".*?</select>', html, re.DOTALL)[0]
    return re.findall(r'<option value="(\w*)"[^>]*>(.*?)</option>', select)


def change_url(event) -> str:
    return settings_url(event, "form")


def make_sector_form(event, *rows: dict) -> dict:
    """What a browser posts from the event's page with these rows of sectors; those with an id first."""
    numbers = {"sectors-TOTAL_FORMS": len(rows), "sectors-INITIAL_FORMS": sum("id" in row for row in rows)}
    fields = {f"sectors-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}
    events = {f"sectors-{n}-event": event.pk for n in range(len(rows))}
    return make_event_form(event, **numbers, **events, **fields)


def make_row(sector: Sector, **values) -> dict:
    label = {f"label_{n}": sector.label.localize(code) for n, code in enumerate(["lv", "en"])}
    return {"id": sector.pk, **label, "position": sector.position, "is_offered": "on", **values}


@pytest.mark.parametrize(("language", "labels"), [("en", ["weaving", "pottery"]), ("lv", ["aušana", "podniecība"])])
def test_the_form_offers_the_events_own_sectors_and_no_others(client, language, labels):
    event = make_craft_event()
    address = f"/{language}/{event.slug}/register/"
    assert [label for _key, label in read_options(get_page(client, address))[1:]] == labels
    assert client.post(address, make_form_data(event, sector="library")).context["form"].errors.keys() == {"sector"}
    assert client.post(address, make_form_data(event, sector="pottery")).status_code == 302
    registration = event.registrations.get()
    with translation.override(language):
        assert [str(text) for _label, texts in list_details(registration) for text in texts][-1] == labels[1]


def test_an_option_in_another_language_says_so(client):
    event = make_craft_event()
    event.sectors.filter(key="pottery").update(label={"lv": "podniecība"})
    page = get_page(client, f"/en/{event.slug}/register/")
    assert '<option value="pottery" lang="lv">podniecība</option>' in page
    assert '<option value="weaving">weaving</option>' in page


def test_a_sector_that_is_no_longer_offered_stays_with_those_who_have_chosen_it(client):
    event = make_craft_event()
    registration = make_registration(event, sector="weaving")
    event.sectors.filter(key="weaving").update(is_offered=False)
    keys = [key for key, _label in read_options(get_page(client, f"/en/{event.slug}/register/"))]
    assert keys == ["", "pottery"]
    edit = reverse("registrations:edit", args=[registration.manage_token])
    assert [key for key, _label in read_options(get_page(client, edit))] == ["", "weaving", "pottery"]


def test_lists_reports_and_figures_call_each_sector_as_its_own_event_does(organiser):
    crafts, usual = make_craft_event(), make_event()
    for event, key in ((crafts, "weaving"), (usual, "library"), (crafts, "gone"), (usual, "")):
        make_registration(event, sector=key)
    Sector.objects.filter(event=usual, key="other").update(label={"en": "=1+1"})
    make_registration(usual, sector="other")
    written = write_registrations(Registration.objects.order_by("pk"), "csv-comma", OPERATOR_ACCESS)
    with written.file as file:
        rows = list(csv.DictReader(io.StringIO(file.read().decode(), newline="")))
    assert [row["Sector"] for row in rows] == ["weaving", "libraries", "gone", "", "'=1+1"]
    chart = get_charts(crafts, 2, with_internal=True)[0]
    assert [(bar.label, bar.number, bar.filters["sector__exact"]) for bar in chart.bars] == [
        ("weaving", 1, "weaving"),
        ("pottery", 0, "pottery"),
        ("gone", 1, "gone"),
    ]
    with write_funders_report(crafts).file as file:
        sheet = load_workbook(file)["By sector"]
    assert {"weaving", "gone"} < {row[0].value for row in sheet.iter_rows()}


def test_people_are_filtered_by_sector_also_by_links_from_before(organiser):
    crafts, usual = make_craft_event(), make_event()
    weaver, librarian = make_registration(crafts, sector="weaving"), make_registration(usual, sector="library")
    for query, found in (
        ("sector__exact=library", [librarian]),
        (f"event={crafts.pk}&sector__exact=weaving", [weaver]),
        (f"event={usual.pk}&sector__exact=library", [librarian]),
    ):
        assert list(organiser.get(f"{LIST_URL}?{query}").context["cl"].result_list) == found
    assert organiser.get(f"{LIST_URL}?event={crafts.pk}&sector__exact=library").status_code == 302


@pytest.mark.parametrize("written", ["podniecība", "POTTERY", "pottery", "Podnieciba"])
def test_lists_to_import_name_the_events_own_sectors(written):
    headers, person = ["Vārds", "Uzvārds", "E-pasts", "Nozare"], ["Anna", "Liepa", "anna@example.lv"]
    event = make_craft_event()
    [row] = preview_file(make_csv(headers, [*person, written], encoding="utf-8"), event)
    assert (row.reasons, row.registration.sector) == ([], "pottery")
    [row] = preview_file(make_csv(headers, [*person, "bibliotēka"], encoding="utf-8"), event)
    assert row.reasons == [("Sector", "“bibliotēka” is not one of: weaving, pottery.")]


def test_a_new_event_has_the_usual_sectors(organiser):
    assert organiser.post(reverse("admin:conference_event_add"), make_new_event_form()).status_code == 302
    created = Event.objects.get().sectors.all()
    assert {one.key: one.label.data for one in created} == DEFAULT_SECTORS
    assert [one.position for one in created] == [0, 1, 2]


def test_organisers_add_rename_and_withdraw_sectors(organiser):
    event = make_craft_event()
    weaving, pottery = event.sectors.all()
    rows = [
        make_row(weaving, label_0="Audēji", label_1="Weavers"),
        {**make_row(pottery), "is_offered": ""},
        {"label_0": "Kalēji", "label_1": "Black-smiths", "position": 5, "is_offered": "on"},
        {"label_0": "bibliotēkas", "label_1": "libraries", "position": 6, "is_offered": "on"},
    ]
    assert organiser.post(change_url(event), make_sector_form(event, *rows)).status_code == 302
    assert [(one.key, str(one), one.is_offered) for one in event.sectors.all()] == [
        ("weaving", "Weavers", True),
        ("pottery", "pottery", False),
        ("black_smiths", "Black-smiths", True),
        ("library", "libraries", True),
    ]


def test_a_sector_that_somebody_has_chosen_is_not_deleted(organiser):
    event = make_craft_event()
    make_registration(event, "cancelled", sector="weaving")
    make_registration(make_craft_event(), sector="pottery")
    weaving, pottery = event.sectors.all()
    rows = make_row(weaving, DELETE="on"), make_row(pottery)
    response = organiser.post(change_url(event), make_sector_form(event, *rows))
    assert response.status_code == 200
    assert "Somebody has chosen “weaving”, so it cannot be deleted." in response.content.decode()
    rows = make_row(weaving), make_row(pottery, DELETE="on")
    assert organiser.post(change_url(event), make_sector_form(event, *rows)).status_code == 302
    assert [one.key for one in event.sectors.all()] == ["weaving"]


def test_a_copy_has_the_sectors_fee_type_and_fields_of_its_event():
    event = make_craft_event(kind="course", fee={"lv": "5 €"}, asks_sector="required", asks_country="no")
    copy = operations.copy_event(event, starts_at=event.starts_at + timedelta(days=365), slug="next")
    assert [(one.key, one.label.data) for one in copy.sectors.all()] == CRAFTS
    copy = Event.objects.get(pk=copy.pk)
    assert (copy.kind, str(copy.fee), copy.asks_sector, copy.asks_country) == ("course", "5 €", "required", "no")
    assert event.sectors.count() == len(CRAFTS)


def test_the_history_and_the_page_name_the_sector(organiser):
    event = make_craft_event()
    registration = make_registration(event)
    operations.correct_details(registration, values={"sector": "weaving"}, by=None)
    change = registration.changes.get()
    assert (change.field, change.old, change.new) == ("sector", "", "weaving")
