from functools import partial

import pytest

from registrations.exports.reports import printable_letters
from registrations.exports.reports.printable_letters import find_missing_letters, find_unprintable_names
from registrations.models import Registration
from tests.factories import make_event, make_registration

EUROPEAN = [
    "Āčēģīķļņšūž ŌōŖŗ",
    "Щербак Їжакевич Ґонта",
    "Παπαδόπουλος Ώρα",
    "Żółć Łącki",
    "Őry Ţurcanu Ğ İ ı",
    "Nguyễn",
]
# Names, the letters of them for which typst has no font of its own, and Debian's package that has one.
FOREIGN = [
    ("王秀英", "王秀英", "fonts-noto-cjk"),
    ("陳美麗", "陳美麗", "fonts-noto-cjk"),
    ("山田さくら ヤマダ", "山田さくらヤマダ", "fonts-noto-cjk"),
    ("김민준", "김민준", "fonts-noto-cjk"),
    ("สมชาย", "สมชาย", "fonts-noto-core"),
    ("রহিম", "রহিম", "fonts-noto-core"),
    ("Anna 😀", "😀", "fonts-noto-color-emoji"),
    ("محمد عبد الله", "", ""),
    ("יוסף כהן", "", ""),
]
WITHOUT_MACHINE = partial(find_missing_letters, ignore_system_fonts=True)


@pytest.fixture
def _machine_without_fonts(monkeypatch):
    monkeypatch.setattr(printable_letters, "find_missing_letters", WITHOUT_MACHINE)


@pytest.mark.parametrize(("name", "missing", "package"), FOREIGN)
def test_the_letters_that_no_font_has_are_found_and_the_package_that_has_them(name, missing, package):
    found = WITHOUT_MACHINE([name])
    assert found == set(missing)
    assert {printable_letters.get_package(letter) for letter in found} == ({package} if package else set())


def test_marks_and_joiners_that_nobody_sees_are_not_missing():
    assert WITHOUT_MACHINE(["e\u0301 \u200b\u200c\u200d\ufe0f\u00a0"]) == set()


@pytest.mark.django_db
@pytest.mark.usefixtures("_machine_without_fonts")
def test_people_are_counted_once_and_packages_named_once():
    event = make_event()
    make_registration(event, first_name="秀英", last_name="王", organisation="国家图书馆")
    make_registration(event, last_name="김", organisation="LNB")
    make_registration(event, last_name="Kalniņa", organisation="ห้องสมุด")
    make_registration(event, last_name="יוסף")
    assert find_unprintable_names(Registration.objects.all()) == (3, ["fonts-noto-cjk", "fonts-noto-core"])


@pytest.mark.django_db
def test_names_of_europe_need_no_look_at_the_fonts(monkeypatch):
    event = make_event()
    for name in EUROPEAN:
        make_registration(event, last_name=name, first_name=name, organisation=f"“{name}” – O’Connor…")
    assert WITHOUT_MACHINE(EUROPEAN) == set()
    monkeypatch.setattr("typst.query", None)
    assert find_unprintable_names(Registration.objects.all()) == (0, [])
