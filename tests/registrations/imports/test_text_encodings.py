"""In which encoding a list is."""

import pytest
from django.utils.translation import override
from django_countries import countries

from registrations.imports import read_table
from registrations.imports.text_encodings import LANGUAGES, count_cost, decode, take_sample
from tests.memory import at_most_megabytes

LATVIAN = ["Anna;Bērziņa", "Jānis;Ozoliņš", "Ilze;Ķēniņa;Alūksnes bibliotēka", "Guntis;Žagars", "Māra;Šmite"]
WESTERN = ["François;Lefèvre", "Søren;Åkesson", "Nuño;Peña", "Jürgen;Weiß", "María;López", "João;Gonçalves"]
LISTS = {
    "cp1257": [
        *LATVIAN,
        "\n".join(LATVIAN),
        "Pēteris;Kļaviņš;Latvijas Nacionālā bibliotēka",
        "Dace;Ūdre;Valsts izglītības attīstības aģentūra",
        "Rūta;Kazlauskienė;Šiaulių biblioteka",
        "Tõnu;Õunapuu;Kärt;Šmidt",
    ],
    "cp1252": [
        "\n".join(WESTERN),
        "François;Lefèvre",
        "Søren;Kierkegaard",
        "José;García\nMaría;López",
        "Käthe;Weiß\nJürgen;Müller",
        "Hélène;Dupré;Bibliothèque de Besançon",
        "Conceição;Magalhães",
        "Guðmundur;Þórsson",
        "Niccolò;Cantù;Università",
        "Zoë;Desmet\nAnaïs;Benoît",
        "Päivi;Hämäläinen",
        "Siobhán;O’Connor – Dublin",
    ],
    "cp1251": ["Ольга;Смирнова", "Сергей;x", "Олександра;Їжакевич;Бібліотека"],
    "cp1250": [
        "Łukasz;Wójcik\nMałgorzata;Święcicka",
        "Jiří;Novák\nPřemysl;Dvořák",
        "Ľubomír;Šťastný",
        "György;Szűcs\nErzsébet;Kővári",
        "Katarzyna;Dąbrowska;Biblioteka w Łodzi",
    ],
}
MACINTOSH = {
    "mac_roman": ["François;Lefèvre\rSøren;Åkesson", "José;García", "Käthe;Weiß", "Nuño;Peña"],
    "mac_latin2": ["Anna;Bērziņa\rJānis;Ozoliņš", "Łukasz;Wójcik\rMałgorzata;Święcicka", "Jiří;Novák"],
    "mac_cyrillic": ["Ольга;Иванова"],
}
LINES = [(name, text) for name, texts in LISTS.items() for text in texts]


@pytest.mark.parametrize(("encoding", "text"), LINES)
def test_the_encoding_of_a_short_list_is_guessed_from_its_letters(encoding, text):
    text = f"Name;Surname\n{text}\n".replace("\n", "\r\n")
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize(("encoding", "text"), [(name, text) for name, texts in MACINTOSH.items() for text in texts])
def test_so_is_that_of_a_list_from_a_macintosh(encoding, text):
    for end in ["\r", "\r\n"] if "\r" in text else ["\r"]:  # with other line ends, it takes more than one line
        lines = f"Name;Surname\r{text}\r".replace("\r", end)
        assert decode(lines.encode(encoding))[0] == lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize(
    "text", ["Vārds\r\nŽanis\r\n", "Имя\r\nОльга\r\n", "Name\r\nSøren\r\n", "名\r\n李,ana@example.org\r\n"]
)
def test_unicode_is_recognised_with_its_mark_and_without(encoding, text):
    assert decode(text.encode(encoding))[0] == text


def test_a_list_in_latvian_is_never_taken_for_another_language():
    """Names of countries, which are like other names, by threes."""
    with override("lv"):
        names = [name for _code, name in countries if not name.isascii()]
    assert len(names) > 100
    for place in range(len(names) - 3):
        text = "Valsts\r\n" + "\r\n".join(names[place : place + 3]) + "\r\n"
        assert decode(text.encode("cp1257")) == (text, "cp1257")


def test_each_encoding_to_choose_from_is_shown_with_what_the_words_are_in_it():
    table = read_table("Vārds;Iestāde\r\nSøren;Ærø Folkebibliotek\r\n".encode().replace(b"\r", b""))
    assert (table.encoding, table.encodings[0]) == ("utf-8", ("utf-8", "Vārds, Iestāde, Søren – Unicode (UTF-8)"))
    content = "Name;Org\r\nSøren;Ærø Folkebibliotek\r\nNuño;A Coruña\r\n".encode("cp1252")
    table = read_table(content)
    shown = dict(table.encodings)
    assert (table.encoding, next(iter(shown))) == ("cp1252", "cp1252")
    assert shown["cp1252"] == "Søren, Ærø, Nuño – Western European (Windows-1252)"
    assert shown["cp1257"] == "Sųren, Ęrų, Nuńo – Baltic (Windows-1257)"
    assert read_table(content, encoding="cp1257").rows[0] == ["Sųren", "Ęrų Folkebibliotek"]


def test_where_a_mark_says_it_or_all_are_the_same_there_is_nothing_to_choose():
    assert read_table(b"Name;Org\nAnna;A\n").encodings == []
    for encoding, name in (("utf-8-sig", "Unicode (UTF-8)"), ("utf-16", "Unicode (UTF-16)")):
        assert read_table("Name;Org\nSøren;A\n".encode(encoding)).encodings == [(encoding, f"Søren – {name}")]
    assert read_table("Name;Org\nŽanis;A\n".encode("utf-16-le")).encodings[0] == (
        "utf-16-le",
        "Žanis – Unicode (UTF-16)",
    )


@pytest.mark.parametrize("filling", ["ē", "ē;", "ē\n", "Ēē", "a–", "ø€"])
def test_a_large_file_is_guessed_from_its_first_lines(filling):
    content = (filling * 1_000_000)[:1_000_000].encode("cp1257")
    with at_most_megabytes(10):
        sample = take_sample(content)
    assert len(sample) == 20_000
    assert all(count_cost(sample, name) > 0 for name in LANGUAGES)
