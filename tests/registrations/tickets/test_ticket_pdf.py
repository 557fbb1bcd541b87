"""The ticket as a PDF: what it says, that a scanner can read it, and that nothing typed breaks it."""

import io
import re

import pytest
from django.utils import translation
from PIL import Image

from registrations.models import Registration
from registrations.tickets.ticket_codes import spell_ticket_code
from registrations.tickets.ticket_pdf import write_ticket
from registrations.tickets.ticket_qr import build_ticket_url, make_qr
from tests.factories import make_event, make_registration
from tests.realistic import conference
from tests.registrations.exports.file_readers import read_pdf_text, run_program

pytestmark = pytest.mark.django_db

PIXELS_PER_MM = 8
# The layout's: where the picture of 37 squares begins, and how wide it is.
LEFT, WIDTH = 14 * PIXELS_PER_MM, 60 * PIXELS_PER_MM
SQUARE = WIDTH / 37


def write(language: str = "en", *, event=None, **values) -> tuple[Registration, bytes]:
    registration = make_registration(event or make_event(), **values)
    with translation.override(language):
        return registration, write_ticket(registration)


def read_text(pdf: bytes) -> str:
    return " ".join(read_pdf_text(pdf, "-raw").replace("\u200b", "").split())


def read_squares(pdf: bytes) -> list[list[int]]:
    """Return which squares of the QR code are dark on the printed page."""
    pictures = run_program("pdftoppm", "-r", str(PIXELS_PER_MM * 25.4), "-gray", "-singlefile", "-", content=pdf)
    page = Image.open(io.BytesIO(pictures)).point(lambda light: int(light < 128))
    left = LEFT + 4 * SQUARE
    # The frame of the corner: nothing else on the page is dark for seven squares to the right and seven down.
    steps = [round((number + 0.5) * SQUARE) for number in range(7)]
    frame = [(left + step, 1) for step in steps] + [(left + 0.5 * SQUARE, step) for step in steps]
    lines = range(page.height - steps[-1])
    top = next(y for y in lines if all(page.getpixel((round(x), y + down)) for x, down in frame))
    places = [(number + 0.5) * SQUARE for number in range(29)]
    return [[page.getpixel((round(left + x), round(top + y))) for x in places] for y in places]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("lv", ["Biļete", "Latvijas Nacionālā bibliotēka", "Kā nokļūt", "Bibliotēka atrodas Daugavas kreisajā krastā"]),
        ("en", ["Ticket", "National Library of Latvia", "How to get there", "The library stands on the left bank"]),
    ],
)
def test_it_says_who_what_when_and_where_in_one_language(language, words):
    event = conference()
    names = {"first_name": "Anna Marija", "last_name": "Kalniņa-Bērziņa"}
    registration, pdf = write(language, event=event, **names, organisation="Valmieras integrētā bibliotēka")
    text = read_text(pdf)
    with translation.override(language):
        facts = [str(event.title), event.when, event.contact_email, str(event.confirmation_note)]
    for expected in [
        *words,
        *facts,
        "Anna Marija Kalniņa-Bērziņa",
        registration.reference,
        "Mūkusalas iela 3",
        spell_ticket_code(registration.ticket_code),
    ]:
        assert expected in text
    for secret in (registration.email, registration.manage_token, registration.organisation):
        assert secret not in text


def test_a_scanner_reads_the_persons_own_code_from_it():
    registration, pdf = write()
    other, _pdf = write()
    squares = read_squares(pdf)
    assert squares == [list(row) for row in make_qr(build_ticket_url(registration.ticket_code)).matrix]
    assert squares != [list(row) for row in make_qr(build_ticket_url(other.ticket_code)).matrix]
    assert SQUARE * 29 / PIXELS_PER_MM > 45  # mm


def test_it_is_for_archives_and_screen_readers():
    _registration, pdf = write("lv", event=conference())
    for claim in (b"<pdfaid:part>2<", b"<pdfaid:conformance>A<", b"<pdfuaid:part>1<", b"/Lang(lv)"):
        assert claim in pdf
    structure = re.findall(
        r"^ *(\w+)", run_program("pdfinfo", "-struct", "-", content=pdf).decode(errors="replace"), re.MULTILINE
    )
    assert [name for name in structure if name in ("H1", "H2", "Figure")] == ["H1", "Figure", "H2"]


@pytest.mark.parametrize("name", ["שלום עולם", "محمد", "山田太郎", "😀", "\U00012000", "\x07\ufffe", "e\u0301\u0327"])
def test_letters_that_few_fonts_have_and_those_from_right_to_left_prevent_no_ticket(name):
    registration, pdf = write(event=make_event(title=name), first_name=name, last_name=name)
    assert registration.reference in read_text(pdf)
    assert read_squares(pdf) == [list(row) for row in make_qr(build_ticket_url(registration.ticket_code)).matrix]


def test_a_letter_that_no_font_has_costs_only_the_claim_of_the_standards():
    registration, pdf = write(first_name="\U0010fffd", last_name="Bērziņa")
    assert b"pdfaid" not in pdf
    assert "Bērziņa" in read_text(pdf)
    assert registration.reference in read_text(pdf)


@pytest.mark.parametrize("typed", ["#panic()", "*a* _b_ $x$ `c`", "= a", "https://evil.example <a>", '"] #read("/x")'])
def test_what_was_typed_is_no_markup(typed):
    _registration, pdf = write(first_name=typed, last_name="x")
    assert f"{typed} x" in read_text(pdf)
    assert b"/URI" not in pdf


def test_the_longest_texts_stay_on_the_page():
    event = make_event(title="Ā" * 200, confirmation_note="Ķ" * 900)
    event.venue.directions = f"{'Ģ' * 900}\n\n- {'Ņ' * 900}"
    event.venue.street = "Š" * 120
    _registration, pdf = write(event=event, first_name="Ē" * 100, last_name="Ū" * 100)
    found = read_pdf_text(pdf, "-bbox")
    page = float(re.search(r'<page width="([\d.]+)', found)[1])
    right_edges = [float(edge) for edge in re.findall(r'xMax="([\d.]+)"', found)]
    assert len(right_edges) > 50
    assert max(right_edges) < page - 30
