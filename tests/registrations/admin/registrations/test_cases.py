"""Lists that people had and what they typed into other sites, kept in tests/cases/: what becomes of each here."""

import json
from pathlib import Path

import pytest

from registrations.models import Registration
from tests.factories import make_event, make_question
from tests.registrations.admin.registrations.test_import_views import post_preview, upload

pytestmark = pytest.mark.django_db

CASES = Path(__file__).parents[3] / "cases"
COUNTRIES = (
    "GB GB CZ CZ NL NL KR KR RU MD MK MK TR TR VN SK XK BA BA GB GB US US US DE CZ GB GB RU LV LV LV LV DE AT EE LT "
    "PL FI ES IT FR BY BY IR TW SY TZ PS VA SZ CV CI MM LA BO VE BN FM GB AE"
)
# Whom importing a list adds, in its order: the name, the address, and the organisation or the country.
PEOPLE = {
    "carriage-returns.xlsx": ["Anna Bērziņa <x1@example.lv> Valmieras novada bibliotēka"],
    "countries.csv": [f"A B{n} <co{n}@example.org> {country}" for n, country in enumerate(COUNTRIES.split())],
    "dates.csv": [f"A B{number} <d{number}@example.lv>" for number in range(7)],
    "error-values.xlsx": ["Anna Bērziņa <er1@example.lv>"],
    "eventbrite.csv": ["Anna Bērziņa <e1@example.lv> A"],
    "filtered-rows.xlsx": ["Anna Bērziņa <f1@example.lv> A", "Jānis Ozols <f3@example.lv> C"],
    "from-numbers.xlsx": ["Anna Bērziņa <n1@example.lv> A", "Ilze Kalniņa <n2@example.lv> B"],
    "google-forms.csv": ["Anna Bērziņa <g1@example.lv> A"],
    "instructions-first.xlsx": ["Anna Bērziņa <i1@example.lv> A"],
    "lr.csv": ["Anna Bērziņa <lr1@example.lv> LV"],
    "luma.csv": ["Anna Bērziņa <l1@example.lv>", "Ilze Kalniņa <l2@example.lv>"],
    "merged-institution.xlsx": [
        "Anna Bērziņa <m1@example.lv> Valmieras bibliotēka",
        "Ilze Kalniņa <m2@example.lv> Valmieras bibliotēka",
        "Jānis Ozols <m3@example.lv> Valmieras bibliotēka",
        "Eva Zariņa <m4@example.lv> Cēsu bibliotēka",
    ],
    "microsoft-forms.csv": ["Anna Bērziņa <a1@example.lv> A", "Ilze Kalniņa <a2@example.lv> B"],
    "numbered-empty-rows.xlsx": [f"Anna{number} Bērziņa <nr{number}@example.lv> A" for number in (1, 2, 3)],
    "one-column-names.csv": [
        "Jan van der Berg <q1@example.nl>",
        "María García López <q2@example.es>",
        "Suharto <q3@example.id>",
        "Anna Bērziņa <q4@example.lv>",
        "Anna Bērziņa <q5@example.lv>",
        "Ludwig van Beethoven Jr. <q6@example.de>",
    ],
    "one-without-address.csv": [
        *(f"Vārds{number} Uzvārds <r{number}@example.lv> A" for number in range(5)),
        "Milda Vecā <> Pensionāru biedrība",
    ],
    "shared-address.csv": [
        "Anna Bērziņa <biblioteka@example.lv> Pagasta bibliotēka",
        "Ilze Kalniņa <biblioteka@example.lv> Pagasta bibliotēka",
    ],
    "strict.xlsx": ["Anna Bērziņa <st1@example.lv> A"],
    "surname-first.csv": [
        "Anna Bērziņa <p1@example.lv>",
        "Jānis Kalniņš <p2@example.lv>",
        "Marta Elza Liepiņa-Ozola <p3@example.lv>",
    ],
    "total-below.xlsx": ["Anna Bērziņa <tot1@example.lv> A", "Ilze Kalniņa <tot2@example.lv> B"],
    # Whose cell holds two addresses, or one written with “(at)”, is left out.
    "two-addresses.csv": [
        "Ilze Kalniņa <ilze@example.lv>",
        "Jānis Ozols <janis@example.lv>",
        "Eva Zariņa <eva@example.lv>",
        "Marta Liepa <marta@example.lv>",
        "Pēteris Kļava <peteris@example.lv>",
        "Juris Egle <juris@example.lv>",
    ],
    "western-windows.csv": [
        "François Lefèvre <w1@example.fr> Bibliothèque à Besançon",
        "Søren Åkesson <w2@example.dk> Ærø Folkebibliotek",
        "Nuño Peña <w3@example.es> Biblioteca de A Coruña",
    ],
}
PERSON = {"first_name": "Anna", "last_name": "Bērziņa", "email": "anna@example.org", "consent": "on"}
# What is stored of each text in forms.json, in its order; None is an error.
STORED = [
    *["anna@example.org"] * 3,
    "siobhan.o'brien@example.org",
    *["anna@example.org"] * 4,
    *["info@xn--strae-oqa.de"] * 2,
    "info@xn----ylba7abgd9bnh0e.xn--qxa6a",
    *("Anna Bērziņa", "Anna", "Rīgas bibliotēka"),
    *(None, None),
    "",
]
TYPED = json.loads((CASES / "forms.json").read_text(encoding="utf-8"))


def describe(registration: Registration) -> str:
    known = f"{registration.full_name} <{registration.email}> {registration.organisation}{registration.country.code}"
    return known.strip()


def test_every_case_has_a_result():
    assert {path.name for path in CASES.iterdir()} - {"forms.json"} == set(PEOPLE)
    assert len(STORED) == len(TYPED)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_list_is_imported_as_its_reader_understands_it(organiser, name):
    event = make_event()
    make_question(event, "arrival", label="Ierašanās", kind="date")
    preview = upload(organiser, event, (CASES / name).read_bytes(), name)["Location"]
    assert post_preview(organiser, preview).status_code == 302
    people = list(event.registrations.order_by("pk"))
    assert [describe(person) for person in people] == PEOPLE[name]
    arrivals = {person.answers.get("arrival") for person in people}
    assert arrivals == ({"2026-09-19"} if name == "dates.csv" else {None})


@pytest.mark.parametrize("number", range(len(STORED)))
def test_what_was_typed_is_stored_as_it_was_meant(client, number):
    case, event = TYPED[number], make_event()
    names = case["field"].split(" and ")
    client.post(f"/en/{event.slug}/register/", PERSON | dict.fromkeys(names, case["typed"]))
    expected = [] if STORED[number] is None else [(STORED[number],) * len(names)]
    assert list(event.registrations.values_list(*names)) == expected
