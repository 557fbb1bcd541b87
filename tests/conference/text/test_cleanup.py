import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.text import cleanup


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("viens\u00a0vārds\u202fun 5\u2009%", "viens vārds un 5 %"),
        ("biblio\u00adtēka\u200b un\u2060 \ufeffgrāmata", "bibliotēka un grāmata"),
        (
            "pirmā\votrā\u2028trešā\u2029ceturtā\r\npiektā\rsestā\x85septītā",
            "pirmā\notrā\ntrešā\nceturtā\npiektā\nsestā\nseptītā",
        ),
        (
            "•\tviens\n·\tdivi\no\ttrīs\n▪\tčetri\n\uf0b7\tpieci\n–\tseši\n§\tseptiņi",
            "- viens\n- divi\n- trīs\n- četri\n- pieci\n- seši\n- septiņi",
        ),
        ("• no PDF\n•bez atstarpes\n·      ar atstarpēm", "- no PDF\n- bez atstarpes\n- ar atstarpēm"),
        ("1)\tviens\n2.\tdivi\n10)   desmit", "1. viens\n2. divi\n10. desmit"),
        ("\t•\tdziļāk", "\t- dziļāk"),
        ("\tPirmā rinda ar atkāpi.", "Pirmā rinda ar atkāpi."),
        ("vārds   \nvēl\t\n", "vārds\nvēl"),
        ("viens\n\n\n\n\n\ndivi", "viens\n\n\ndivi"),
        ("viens\u00a0\n\u00a0\n\u00a0\n\u00a0\n\u00a0\ndivi", "viens\n\n\ndivi"),
        ("a\u0304da\u0304 un s\u030c", "ādā un š"),
        ("viens\tdivi\x00\x07", "viens divi"),
    ],
)
def test_what_word_brings_is_taken_out(typed, expected):
    assert cleanup.clean_text(typed) == expected


@pytest.mark.parametrize(
    "text",
    [
        "„Pēdiņas” un “quotes”, domuzīme – un — arī… 5 °C",
        "### Virsraksts\n\n**treknrakstā** un *slīprakstā*\n\n- viens\n  - divi\n\n1. pirmais\n2. otrais\n\n> citāts\n\n[saite](https://example.org/a_b)",
        "- viens\n\t- divi\n\t1. trīs",
        "o un – paliek, kur tie stāv",
        "o, tas ir labi\n– Nē, teica viņa.",
        "1) bez tabulatora un 12.30 pulksten",
        "2027. gadā",
        "👩\u200d💻 ģķļņ ĀČĒĢĪĶĻŅŠŪŽ āčēģīķļņšūž",
    ],
)
def test_what_is_meant_stays(text):
    assert cleanup.clean_text(text) == text


def test_one_line_never_takes_line_breaks():
    assert (
        cleanup.clean_line(" Bibliotēkas\r\nun\vmūžizglītība\u2028\tRīgā\u00a0\n") == "Bibliotēkas un mūžizglītība Rīgā"
    )


# Signs of Arabic, Syriac, Kaithi and Egyptian that are seen although Unicode counts them as format characters.
SEEN = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440)}
FORMAT = [chr(code) for code in range(sys.maxunicode) if unicodedata.category(chr(code)) == "Cf" and code not in SEEN]


def test_nothing_that_nobody_sees_stays_in_a_word():
    assert len(FORMAT) > 120
    for unseen in FORMAT:
        assert cleanup.clean_line(f"{unseen}Bēr{unseen}ziņš{unseen}") == "Bērziņš", ascii(unseen)
        assert cleanup.clean_lines(f"{unseen}zupa\n{unseen}ma{unseen}ize") == "zupa\nmaize", ascii(unseen)


@pytest.mark.parametrize(
    "name",
    [
        "نیلوفر می\u200cخواهم",  # Persian
        "क्\u200dष",  # Devanagari
        "র\u200d্যাব",  # Bengali
        "അവന്\u200d",  # Malayalam, at the end of a word
        "葛\U000e0100城",  # how this family writes a Japanese character
        "👩\u200d💻 ❤\ufe0f\u200d🔥",
        "O’Connor-ʻOkina",
    ],
)
def test_a_name_keeps_what_its_letters_need(name):
    assert cleanup.clean_line(name) == name


@pytest.mark.parametrize(
    "typed",
    [
        *("\u200b", "\u00ad", "\ufe0f", "\u200d\u200c", "\u3164", "\u115f\u1160", "\u2800", "\t \u00a0\u2028"),
        *("\x07\x9f", "\U000e0100", "\u200d\ufe0f\u200d", "\ufeff \u202a\u202c"),
    ],
)
def test_what_nobody_sees_is_nothing(typed):
    assert cleanup.clean_line(typed) == cleanup.clean_lines(typed) == ""


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Anna\tBērziņa", "Anna Bērziņa"),
        ("\u202aAnna\u202c", "Anna"),
        ("Rīgas\u2028bibliotēka", "Rīgas bibliotēka"),
        ("Anna \u00a0\u00a0 Bērziņa\u2029", "Anna Bērziņa"),
        ("An\u200cna", "Anna"),
        ("A\x1bn\x00na\x85Bērziņa", "Anna Bērziņa"),
    ],
)
def test_gaps_in_one_line_become_a_space(typed, expected):
    assert cleanup.clean_line(typed) == expected


def test_several_lines_stay_lines_as_they_were_typed():
    assert cleanup.clean_lines(" • zupa\r\n\r\n  maize\tun\u00a0zivs\u2028beigas\u200b ") == (
        "• zupa\n\n  maize un zivs\nbeigas"
    )


@given(st.text())
def test_cleaning_twice_changes_nothing_more_on_one_line(typed):
    assert cleanup.clean_line(cleanup.clean_line(typed)) == cleanup.clean_line(typed)


@given(st.text(alphabet="abcāčž ,.\n", max_size=200))
def test_no_word_is_lost(typed):
    assert cleanup.clean_text(typed).split() == typed.split()


INVISIBLE_TEXT = st.text(alphabet="aक👩\u200c\u200d\ufe0f\u0d4d \u202a\U000e0100", max_size=8)


@given(INVISIBLE_TEXT)
def test_cleaning_twice_changes_no_joiner_more(typed):
    assert cleanup.clean_line(cleanup.clean_line(typed)) == cleanup.clean_line(typed)
