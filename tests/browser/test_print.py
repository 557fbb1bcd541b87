"""On paper: the conference on one sheet, and the personal page as a ticket to bring along."""

import re

import pytest
from django.utils import translation

from conference.models import Event
from registrations.models import Registration
from tests.quick import first
from tests.registrations.exports.file_readers import read_pdf_text, run_program

pytestmark = pytest.mark.django_db(transaction=True)


def sheets(page) -> list[str]:
    """What stands on each sheet of A4 that the page takes."""
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    size = re.search(r"Page size: +([\d.]+) x ([\d.]+)", run_program("pdfinfo", "-", content=pdf).decode()).groups()
    assert [round(float(side) / 72 * 25.4) for side in size] == [210, 297]
    return [" ".join(sheet.split()) for sheet in read_pdf_text(pdf).split("\f")[:-1]]


def says(text: str, words: str) -> bool:
    """Whether the words stand in the text, wherever its lines are broken."""
    together, expected = (re.sub(r"[\s-]+", "", one) for one in (text, words))
    return expected in together


def buttons(page) -> list[str]:
    """The words of everything on the page that is there to be pressed."""
    return [word for word in (one.inner_text().strip() for one in page.locator(".btn, button, summary").all()) if word]


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("name", first(["event_open", "event_with_pictures", "event_over", "home_with_others"]))
def test_the_conference_prints_on_one_sheet_with_all_that_matters(visit, name, language):
    page = visit(name, language)
    pressed = buttons(page)
    assert len(sheets(page)) == 1, sheets(page)[1:]
    (text,) = sheets(page)
    event = Event.objects.get(slug="di-xl")
    assert [word for word in pressed if re.search(rf"(^| ){re.escape(word)}( |$)", text)] == []
    topics = [topic.title.localize(language) for topic in event.topics.all()]
    funders = [one.funding_statement.localize(language) for one in event.partners.exclude(funding_statement="")]
    assert topics
    with translation.override(language):
        facts = [str(event.title), event.when, str(event.venue.name), event.contact_email]
    missing = [words for words in [*facts, *topics, *funders] if not says(text, words)]
    assert missing == [], text


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize(
    "name", first(["personal_confirmed", "personal_waiting", "personal_pending", "personal_cancelled"])
)
def test_the_personal_page_prints_as_a_ticket_on_one_sheet(visit, name, language):
    page = visit(name, language)
    pressed = buttons(page)
    status_line = page.locator("main .alert").first.inner_text().strip().splitlines()[0]
    assert len(sheets(page)) == 1, sheets(page)[1:]
    (text,) = sheets(page)
    assert [word for word in pressed if word in text] == []
    registration = Registration.objects.select_related("event__venue").get(email="annemarija@example.lv")
    with translation.override(language):
        facts = [registration.event.when, str(registration.event.venue.name)]
    missing = [
        words
        for words in [registration.full_name, registration.reference, status_line, *facts]
        if not says(text, words)
    ]
    assert missing == [], text
    assert registration.manage_token not in text


def test_a_ticket_has_its_code_on_paper_too(visit):
    page = visit("personal_confirmed", "en")
    page.emulate_media(media="print")
    code = page.get_by_role("img", name="QR code of your ticket").locator("svg").bounding_box()
    assert code["width"] >= 96  # an inch, at arm's length of a scanner
    assert code["width"] == pytest.approx(code["height"], abs=1)
