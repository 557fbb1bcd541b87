import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from registrations.forms.fields import LinesField, NormalizedEmailField, validate_visible_lines
from registrations.forms.questionnaire import list_country_choices


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Anna@Example.LV", "Anna@example.lv"),
        ("anna@bibliotēka.lv", "anna@bibliotēka.lv"),
        ("anna@BIBLIOTĒKA.lv", "anna@bibliotēka.lv"),
        ("anna@XN--BCHER-KVA.example", "anna@bücher.example"),
        ("anna@xn--bcher-kva.example", "anna@bücher.example"),
        ("anna@ｅxample.lv", "anna@example.lv"),
        ("anna@exa\u00admple.lv", "anna@example.lv"),
        ("anna@exa\u200bmple.lv", "anna@example.lv"),
    ],
)
def test_every_spelling_of_a_host_is_stored_as_one(typed, stored):
    assert NormalizedEmailField(max_length=254).clean(typed) == stored


def test_a_host_that_only_looks_like_another_stays_another():
    assert NormalizedEmailField(max_length=254).clean("karlis@k\u0130bibl.lv") != "karlis@kibibl.lv"


@pytest.mark.parametrize(
    "typed",
    [
        '"a\x0bb"@example.lv',
        '"a\x1cBcc:x"@example.lv',
        "\u212aarlis@example.lv",
        "anna@example\u3002lv",
        "anna@exa\u202emple.lv",
        "anna@exa\u2028mple.lv",
        "a@" + ("\u0130" * 60 + ".") * 3 + "lv",
        "a@" + "b." * 130 + "lv",
    ],
)
def test_an_address_that_no_server_reads_alike_is_refused(typed):
    with pytest.raises(ValidationError):
        NormalizedEmailField(max_length=254).clean(typed)


def test_a_long_text_has_lines_and_no_tricks():
    validate_visible_lines("one\r\ntwo\tthree")
    for trick in ("\u202e", "\u2028", "\x1b", "\x0b"):
        with pytest.raises(ValidationError):
            validate_visible_lines(f"one{trick}two")


def test_lines_are_parted_by_one_sign_whatever_the_browser_sends():
    assert LinesField().clean(" soup\r\nbread\nfish ") == "soup\nbread\nfish"


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("lv", ["Afganistāna", "Albānija", "ASV", "Centrālāfrikas", "Čada", "Kuveita", "Ķīna", "Sudāna", "Šrilanka"]),
        ("en", ["Afghanistan", "Åland Islands", "Albania", "Chad", "Cuba", "Zimbabwe"]),
    ],
)
def test_countries_stand_as_a_list_in_the_language_sorts_with_the_events_own_on_top(language, names):
    with translation.override(language):
        listed = [name for _code, name in list_country_choices(language, "LV")]
    assert listed[1] == {"lv": "Latvija", "en": "Latvia"}[language]
    places = [next(at for at, name in enumerate(listed[2:]) if name.startswith(start)) for start in names]
    assert places == sorted(places)
