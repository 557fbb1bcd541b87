import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from conference.text.email_addresses import MAX_READ, decode_domain, encode_domain, read_address
from registrations.forms.fields import NormalizedEmailField
from registrations.imports.rows import normalize_address

COPIED = [
    *("anna@example.org", "\u200banna@example.org", "\ufeffanna@example.org", "\u202aanna@example.org\u202c"),
    *("anna@exam\u00adple.org", "anna@\u200bexample.\u200borg", " anna@example.org\u00a0", "\tanna@example.org\r\n"),
    *("mailto:anna@example.org", "MAILTO:anna@example.org", "mailto:anna@example.org?subject=Konference&body=a@b"),
    *("mailto:anna%40example.org", "<mailto:anna@example.org>", "Anna <mailto:anna@example.org?subject=x>"),
    *("Anna Bērziņa <anna@example.org>", '"Bērziņa, Anna" <anna@example.org>', "<anna@example.org>"),
    *("Anna <anna@example.org>,", "<anna@example.org>.", "(anna@example.org)", "[anna@example.org]"),
    *("anna@example.org.", "anna@example.org,", "anna@example.org;", "anna@example.org;;", ", anna@example.org"),
    *("'anna@example.org'", '"anna@example.org"', "“anna@example.org”", "„anna@example.org”", "«anna@example.org»"),
    *("‘anna@example.org’.", "'anna@example.org',", "‚anna@example.org‘"),
    *("anna@EXAMPLE.org", "anna@ｅxample.org", "anna@example。org"),
]


@pytest.mark.parametrize("typed", COPIED)
def test_an_address_is_taken_however_it_was_copied(typed):
    assert NormalizedEmailField(max_length=254).clean(typed) == "anna@example.org"
    assert normalize_address(typed) == "anna@example.org"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Anna@Example.LV", "Anna@example.lv"),
        ("siobhan.\u200bo'brien@\u200bexample.\u200borg", "siobhan.o'brien@example.org"),
        ("'o'brien@example.org'", "o'brien@example.org"),
        ('"a.b"@example.lv', '"a.b"@example.lv'),
        ("anna@[127.0.0.1]", "anna@[127.0.0.1]"),
        ("anna@bibliotēka.lv", "anna@xn--bibliotka-hhb.lv"),
        ("anna@BIBLIOTE\u0304KA.lv", "anna@xn--bibliotka-hhb.lv"),
        ("anna@XN--BCHER-KVA.example", "anna@xn--bcher-kva.example"),
        ("info@straße.de", "info@xn--strae-oqa.de"),
        ("info@STRAẞE.de", "info@xn--strae-oqa.de"),
        ("info@xn--strae-oqa.de", "info@xn--strae-oqa.de"),
        ("info@strasse.de", "info@strasse.de"),
        ("info@κλαρα-σωλις.ευ", "info@xn----ylba7abgd9bnh0e.xn--qxa6a"),
        ("info@نامه\u200cای.com", "info@xn--mgba3gch31f060k.com"),
    ],
)
def test_every_spelling_of_a_domain_is_stored_as_one(typed, stored):
    assert NormalizedEmailField(max_length=254).clean(typed) == stored
    assert normalize_address(typed) == stored.lower()


def test_a_domain_that_only_looks_like_another_stays_another():
    assert NormalizedEmailField(max_length=254).clean("karlis@k\u0130bibl.lv") != "karlis@kibibl.lv"


@pytest.mark.parametrize(
    "typed",
    [
        "ānna@example.lv",
        "anna@exa\u2028mple.lv",
        "anna@example.lv ilze@example.lv",
        "anna@example.lv; ilze@example.lv",
        "Anna <anna@example.lv> <ilze@example.lv>",
        "anna@i♥.lv",
        "anna@-.lv",
        "anna@",
        "<>",
        "mailto:",
        "''",
        "a@" + ("\u0130" * 60 + ".") * 3 + "lv",
        "a@" + "b." * 160 + "lv",
        "(" * 100_000 + "a@example.lv" + ")" * 100_000,
    ],
)
def test_an_address_that_no_server_reads_alike_is_refused(typed):
    with pytest.raises(ValidationError):
        NormalizedEmailField(max_length=254).clean(typed)
    assert normalize_address(typed) == ""


def test_people_see_the_domain_that_they_know():
    assert decode_domain("info@xn--strae-oqa.de") == "info@straße.de"
    assert decode_domain("anna@example.lv") == "anna@example.lv"
    assert decode_domain("anna@xn--zzzzzzzzzzzzzz.lv") == "anna@xn--zzzzzzzzzzzzzz.lv"
    assert decode_domain("") == encode_domain("") == ""


@given(st.text(alphabet="a@.<>'\"() ;,\u200b", max_size=30))
def test_reading_twice_changes_nothing_more(typed):
    assert read_address(read_address(typed)) == read_address(typed)


def test_a_long_text_is_not_read():
    assert read_address(text := "<" * (MAX_READ + 1)) == text
