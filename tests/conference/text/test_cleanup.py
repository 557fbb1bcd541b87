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


@given(st.text())
def test_cleaning_twice_changes_nothing_more_on_one_line(typed):
    assert cleanup.clean_line(cleanup.clean_line(typed)) == cleanup.clean_line(typed)


@given(st.text(alphabet="abcāčž ,.\n", max_size=200))
def test_no_word_is_lost(typed):
    assert cleanup.clean_text(typed).split() == typed.split()
