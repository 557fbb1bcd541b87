import unicodedata

import pytest

from registrations.mail.person_names import is_name

NAMES = """
Anna|Jānis|Ģirts|Žaklīna|Anna-Marija|Anna Marija|anna|ANNA|anna marija|Jean‑Luc|O'Neil|O’Neil|D’Arcy|Dr. Anna|Dr.|J.
J. K.|J.K.|A.-M.|M. Night|St. John|Jānis jr.|María de los Ángeles|van der Berg|Ludwig van|van 't Hoff|ʻAbd|Kaʻiulani
Łukasz|Ørsted|Ünsal|I|Ø|Ó Briain|Ngọc|Nguyễn Thị|Ὑπατία|Ελένη|Şahin|Þór|Seán|Mary Ann Josephine|Zoë|Bjørn|Đorđe
Prof. Ilze|Мария|Анна-Мария|Наталія|Соломія|Ґалина|Олександр’|محمد|عبد الله|فاطمة الزهراء|Abd al-Rahman|می‌نا|מרים|ג׳ורג׳
山田|太郎|金|李|ジョン・スミス|김민준|วรรณา|अनिता|প্রিয়া|நளினி|გიორგი|Անահիտ|Maximilian Alexander|Charles III
"""
SPAM = [
    "",
    " ",
    "-",
    "...",
    "URGENT your place is lost call +371 20000000",
    "call 20000000",
    "Anna2",
    "١٢٣",
    "Ⅷ",
    "evil.lv",
    "www.evil.lv",
    "a.lv",
    "t.me/evil",
    "evil．lv",
    "evil。lv",
    "https://evil.lv",
    "anna@evil.lv",
    "@evil",
    "evil dot lv now please",
    "Your place is lost",
    "Pay your fee now or lose it",
    "Your place is lost. Call us.",
    "Attention. Anna",
    "Anna!",
    "Anna?",
    "Anna, Ilze",
    "Anna: read this",
    "🙂",
    "Anna 🙂",
    "★ Anna ★",
    "$$$",
    "<b>Anna</b>",
    "{first_name}",
    "Anna\nBcc",
    "Anna\u202e",
    "Anna\u200b",
    "A" * 51,
    "Anna Marija Elizabete Katrīna Zane",
]


@pytest.mark.parametrize("name", NAMES.strip().replace("\n", "|").split("|"))
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_of_many_scripts_look_like_names(name, form):
    assert is_name(unicodedata.normalize(form, name))


@pytest.mark.parametrize("text", SPAM)
def test_messages_and_addresses_do_not(text):
    assert not is_name(text)
