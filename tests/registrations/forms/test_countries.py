"""The countries have the names that people use today, in both languages, wherever they are named."""

import pytest
from django.utils import translation
from django_countries import countries

from registrations.exports.access import OPERATOR_ACCESS
from registrations.exports.lists import write_registrations
from registrations.forms.attendee import SignUpForm
from tests.factories import make_event, make_form_data, make_registration

# Which are written alike in both languages.
ALIKE = {
    "AO",
    "AW",
    "BI",
    "HT",
    "KI",
    "MD",
    "ML",
    "MT",
    "NU",
    "PW",
    "PA",
    "PE",
    "TG",
    "TK",
    "TO",
    "TV",
    "UG",
    "VU",
    "WS",
}
TODAY = {
    "AS": "ASV Samoa",
    "BI": "Burundi",
    "BY": "Baltkrievija",
    "CI": "Kotdivuāra",
    "CV": "Kaboverde",
    "CZ": "Čehija",
    "FM": "Mikronēzija",
    "GQ": "Ekvatoriālā Gvineja",
    "MK": "Ziemeļmaķedonija",
    "MM": "Mjanma",
    "NL": "Nīderlande",
    "PG": "Papua-Jaungvineja",
    "PS": "Palestīna",
    "SH": "Svētās Helēnas Sala",
    "SZ": "Esvatini",
    "TC": "Tērksas un Kaikosas Salas",
    "TR": "Turcija",
    "VA": "Vatikāns",
    "XK": "Kosova",
}


def test_every_country_has_a_latvian_name_and_those_of_today():
    english = {code: str(name) for code, name in countries}
    with translation.override("lv"):
        latvian = {code: str(name) for code, name in countries}
    assert len(latvian) == 250
    assert {code for code in latvian if latvian[code] == english[code]} == ALIKE
    assert {code: latvian[code] for code in TODAY} == TODAY
    assert max(map(len, latvian.values())) < 60
    assert english["XK"] == "Kosovo"
    assert all(map(countries.alpha3, latvian))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "name", "after", "before"),
    [("lv", "Kosova", "Kongo Demokrātiskā Republika", "Kostarika"), ("en", "Kosovo", "Kiribati", "Kuwait")],
)
def test_kosovo_is_chosen_where_the_alphabet_has_it_and_stored(language, name, after, before):
    event = make_event()
    with translation.override(language):
        form = SignUpForm(make_form_data(event, country="XK"), event=event)
        assert form.is_valid()
        names = [label for _code, label in form.fields["country"].widget.choices]
        at = names.index(name)
        assert (names[at - 1], names[at + 1]) == (after, before)
        person = make_registration(event, country="XK")
        file, _count, _columns = write_registrations(event.registrations.filter(pk=person.pk), "csv", OPERATOR_ACCESS)
        with file:
            assert name in file.read().decode("utf-8-sig")
