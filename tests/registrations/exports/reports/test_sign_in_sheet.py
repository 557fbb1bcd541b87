import time

import pytest
from django.utils import translation

from conference.models import Partner
from registrations.exports.lists import filter_place_holders
from registrations.exports.reports.sign_in_sheet import FOLDER, write_sign_in_sheet
from registrations.models import Registration
from tests.factories import make_event, make_registration
from tests.registrations.exports.file_readers import read_pdf_fonts, read_pdf_text

pytestmark = pytest.mark.django_db

# In the Latvian alphabet's order.
NAMES = ["Azars", "Āboliņš", "Cers", "Čakste", "Ēce", "Gulbis", "Ģērmanis", "Ķeniņš", "Ļaudama", "Ņikitina", "Šmite"]
NAMES += ["Ūdris", "Zariņš", "Žagars"]


def make_sheet(event, language="en") -> bytes:
    with translation.override(language):
        file, _count, _columns = write_sign_in_sheet(event, filter_place_holders(event, Registration.objects.all()))
    with file:
        return file.read()


def test_everybody_with_a_place_is_listed_in_latvian_order():
    event = make_event()
    for name in reversed(NAMES):
        make_registration(event, last_name=name, first_name="Anna", organisation="LNB")
    make_registration(event, "waitlisted", last_name="Waiting")
    make_registration(event, "cancelled", last_name="Cancelled")
    make_registration(make_event(), last_name="Elsewhere")
    text = read_pdf_text(make_sheet(event))
    found = [line.removesuffix(" Anna") for line in text.splitlines() if line.endswith(" Anna")]
    assert found == NAMES
    assert not {"Waiting", "Cancelled", "Elsewhere"} & set(text.split())


def test_every_page_names_the_event_and_its_funders():
    event = make_event(title={"lv": "Bibliotēkas", "en": "Libraries"})
    statement = {"lv": "Līdzfinansē Eiropas Savienība.", "en": "Co-funded by the European Union."}
    Partner.objects.create(event=event, name={"lv": "Fonds", "en": "The Fund"}, funding_statement=statement)
    Partner.objects.create(event=event, name="Somebody else")
    for _number in range(40):
        make_registration(event)
    pages = read_pdf_text(make_sheet(event)).strip("\f").split("\f")
    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        for words in ("Libraries", event.when, "National Library of Latvia", "Signature", f"Page {number} / 3"):
            assert words in page
        assert "The Fund: Co-funded by the European Union." in page
        assert "Somebody else" not in page
    latvian = read_pdf_text(make_sheet(event, "lv"))
    assert "Fonds: Līdzfinansē Eiropas Savienība." in latvian
    assert "Latvijas Nacionālā bibliotēka" in latvian


@pytest.mark.parametrize(
    "name", ["Āčēģīķļņšūž ŌōŖŗ", "Щербак Їжакевич Ґонта", "Παπαδόπουλος Ώρα", "Żółć Łącki Świąt", "Őry Ţurcanu Ğ İ ı"]
)
def test_european_names_keep_all_their_letters(name):
    event = make_event()
    make_registration(event, last_name=name, organisation=name)
    pdf = make_sheet(event)
    assert name in read_pdf_text(pdf)
    assert {line.split()[0].split("+")[-1].split("-")[0] for line in read_pdf_fonts(pdf).splitlines()[2:]} == {
        "LibertinusSerif"
    }


@pytest.mark.parametrize(
    "value",
    [
        "#strong[x] $y$ *bold* _it_ @ref <label> `raw`",
        '#read("/etc/passwd")',
        '"]); #panic()',
        "= heading",
        "\\u{41} \\ // comment",
        "two\nlines",
    ],
)
def test_nothing_that_was_typed_is_run(value):
    event = make_event(title=value)
    make_registration(event, last_name=value, first_name="X", organisation=value)
    text = " ".join(read_pdf_text(make_sheet(event)).split())
    assert text.count(" ".join(value.split())) == 3


def test_typst_can_read_its_own_folder_only():
    assert {path.name for path in FOLDER.iterdir()} == {"missing_letters.typ", "sign_in_sheet.typ"}


def test_a_very_long_word_leaves_room_to_sign():
    event = make_event()
    make_registration(event, last_name="x" * 100, organisation="y" * 200)
    text = read_pdf_text(make_sheet(event), "-layout")
    assert max(line.count("x") for line in text.splitlines()) < 60
    assert max(line.count("y") for line in text.splitlines()) < 60


def test_a_thousand_people_are_quick():
    event = make_event()
    people = [make_registration(event) for _number in range(2)]
    template = people[0]
    Registration.objects.bulk_create(
        Registration(
            event=event,
            first_name="Anna",
            last_name=f"B{n}",
            email=f"b{n}@x.lv",
            reference=f"R{n}",
            language="en",
            status="confirmed",
            confirmed_at=template.confirmed_at,
            organisation="Bibliotēka",
        )
        for n in range(1000)
    )
    start = time.process_time()
    assert make_sheet(event).startswith(b"%PDF")
    assert time.process_time() - start < 10
