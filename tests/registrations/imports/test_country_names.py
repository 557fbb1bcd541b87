import pytest
from django.core.exceptions import ValidationError

from registrations.imports.spellings.country_names import CountryReader, find_country

# How people call countries: in English, in Latvian, and at home.
USUAL_NAMES = {
    "AE": "UAE",
    "AL": "Shqipëria",
    "AM": "Հայաստան",
    "AT": "Österreich; Austria; Austrija",
    "AZ": "Azərbaycan",
    "BA": "Bosnia; Bosnia and Herzegovina; Bosna i Hercegovina",
    "BE": "België; Belgique; Belgien; Beļģija",
    "BG": "България",
    "BN": "Brunei",
    "BO": "Bolivia",
    "BY": "Belarus; Baltkrievija; Беларусь",
    "CD": "Congo (Kinshasa); DR Congo; Democratic Republic of the Congo",
    "CG": "Congo; Republic of the Congo; Congo (Brazzaville)",
    "CH": "Schweiz; Suisse; Svizzera; Šveice",
    "CI": "Ivory Coast; Kotdivuāra",
    "CV": "Cape Verde",
    "CY": "Κύπρος; Kıbrıs; Kipra",
    "CZ": "Czechia; Czech Republic; the Czech Republic; Česko; Česká republika; Čehija",
    "DE": "Germany; Deutschland; Vācija; DEU",
    "DK": "Danmark",
    "EE": "Eesti; Igaunija",
    "ES": "España; Spānija",
    "FI": "Suomi; Finland; Somija",
    "FM": "Micronesia",
    "FR": "France; Francija",
    "GB": "Great Britain; United Kingdom; UK; Scotland; Northern Ireland; Wales; England; Cymru; Lielbritānija; "
    "Apvienotā Karaliste; Ireland (Northern)",
    "GE": "საქართველო; Gruzija; Georgia",
    "GR": "Ελλάδα; Grieķija",
    "GW": "Guinea (Bissau)",
    "HR": "Hrvatska",
    "HU": "Magyarország",
    "IE": "Éire; Republic of Ireland; Ireland",
    "IR": "Iran",
    "IS": "Ísland",
    "IT": "Italia",
    "KR": "South Korea; Republic of Korea; Korea (South); Dienvidkoreja",
    "LA": "Laos",
    "LI": "Liechtenstein",
    "LT": "Lietuva; Lithuania; Republic of Lithuania; Литва",
    "LU": "Lëtzebuerg; Luxembourg",
    "LV": "Latvija; Latvia; LR; LV; Latvia (Riga); Latvija (Rīga); Republic of Latvia; Latvijas Republika; LATVIA; "
    "Латвия; lva",
    "MC": "Monaco",
    "MD": "Moldova; Moldāvija",
    "ME": "Crna Gora; Црна Гора; Montenegro",
    "MK": "Macedonia; North Macedonia; Северна Македонија; Ziemeļmaķedonija",
    "MM": "Myanmar; Burma",
    "MT": "Malta",
    "NL": "The Netherlands; Netherlands; Holland; Nederland; Nīderlande",
    "NO": "Norge; Norvēģija",
    "PL": "Polska; Polija",
    "PS": "Palestine",
    "PT": "Portugal",
    "RO": "România",
    "RS": "Srbija; Србија",
    "RU": "Russia; Krievija; Россия",
    "SE": "Sverige",
    "SI": "Slovenija; Slovēnija",
    "SK": "Slovak Republic; Slovensko; Slovakia",
    "SM": "San Marino",
    "SY": "Syria",
    "SZ": "Swaziland",
    "TR": "Turkey; Türkiye; Turcija",
    "TW": "Taiwan; Republic of China",
    "TZ": "Tanzania",
    "UA": "Україна; Ukraina",
    "US": "USA; U.S.A.; United States; the United States of America; ASV",
    "VA": "Vatican; Vatican City",
    "VE": "Venezuela",
    "VN": "Vietnam; Viet Nam",
}


@pytest.mark.parametrize("code", USUAL_NAMES)
def test_countries_are_known_by_their_usual_names(code):
    names = [name.strip() for name in USUAL_NAMES[code].split(";")]
    assert {name: find_country(name) for name in names} == dict.fromkeys(names, code)


@pytest.mark.parametrize(
    "text", ["Atlantīda", "Korea", "Congo (Africa)", "Georgia (USA)", "DE", "SA", "Republic of", "()", "", "x" * 10_000]
)
def test_what_may_be_another_country_is_not_guessed(text):
    assert find_country(text) is None


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["LR"], ["LV"]),
        (["LR", "LR"], ["LV", "LV"]),
        (["Latvija", "LR", "Igaunija"], ["LV", "LV", "EE"]),
        (["LV", "ee", "LR", "UK", "–"], ["LV", "EE", "LR", "GB", ""]),
        (["Latvija", "Igaunija", "SA"], ["LV", "EE", None]),
        (["LV", "Latvia"], ["LV", "LV"]),
    ],
)
def test_codes_of_two_letters_are_read_where_the_column_is_full_of_them(cells, expected):
    reader = CountryReader(cells)

    def read(text):
        try:
            return reader.read(text)
        except ValidationError:
            return None

    assert [read(text) for text in cells] == expected
