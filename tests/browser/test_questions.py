"""Answering an event's questions, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from registrations.models import Registration
from tests.browser.test_sign_up import fill_in, scrolls_sideways
from tests.factories import make_choice, make_event, make_question, make_registration

pytestmark = pytest.mark.django_db(transaction=True)


def both(latvian: str, english: str) -> dict:
    return {"lv": latvian, "en": english}


@pytest.fixture
def event():
    """Lunch? Which dish? With bones? And a workshop, of which one is full."""
    event = make_event(slug="libraries")
    lunch = make_question(
        event, "lunch", kind="yes_no", label=both("Vai ēdīsiet pusdienas?", "Will you have lunch?"), is_required=True
    )
    dish = make_question(
        event,
        "dish",
        kind="several_of",
        label=both("Ēdieni", "Dishes"),
        help_text=both("Izvēlieties vienu vai vairākus.", "Choose one or more."),
        is_required=True,
        shown_if=lunch,
        shown_if_answer="yes",
    )
    make_choice(dish, "fish", label=both("Zivs", "Fish"))
    make_choice(dish, "soup", label=both("Zupa", "Soup"))
    make_question(event, "bones", label=both("Asakas", "Bones"), shown_if=dish, shown_if_answer="fish")
    workshop = make_question(event, "workshop", kind="one_of", label=both("Darbnīca", "Workshop"))
    make_choice(workshop, "weaving", label=both("Aušana", "Weaving"), limit=1)
    make_choice(workshop, "talking", label=both("Sarunas", "Talking"))
    make_question(event, "day", kind="date", label=both("Ierašanās diena", "Day of arrival"))
    make_question(event, "guests", kind="number", label=both("Cik viesu?", "How many guests?"))
    make_registration(event, answers={"workshop": "weaving"})
    return event


def send(page) -> None:
    page.get_by_role("button", name="Reģistrēties").click()


def newest() -> Registration:
    return Registration.objects.latest("pk")


def test_without_javascript_every_question_is_shown_and_says_whom_it_is_for(open_page, event):
    page = open_page("/lv/libraries/register/", java_script_enabled=False)
    dishes = page.get_by_role("group", name=re.compile("^Ēdieni"))
    assert dishes.is_visible()
    described = page.locator(f"#{dishes.get_attribute('aria-describedby')}")
    assert "Vai ēdīsiet pusdienas?" in described.inner_text()
    assert "Izvēlieties vienu vai vairākus." in described.inner_text()
    fill_in(page)
    page.get_by_role("radio", name="Nē").check()
    page.get_by_label("Zivs").check()
    send(page)
    page.wait_for_url("**/registered/")
    assert newest().answers == {"lunch": False}


def test_with_javascript_a_question_appears_when_it_is_asked_and_a_chain_follows(open_page, event):
    page = open_page("/lv/libraries/register/")
    dishes, bones = page.get_by_role("group", name=re.compile("^Ēdieni")), page.get_by_label("Asakas")
    assert not dishes.is_visible()
    assert not bones.is_visible()
    page.get_by_role("radio", name="Jā").check()
    assert dishes.is_visible()
    assert not bones.is_visible()
    page.get_by_label("Zivs").check()
    assert bones.is_visible()
    assert page.locator(".condition").first.is_hidden()
    bones.fill("Bez")
    page.get_by_role("radio", name="Nē").check()
    assert not dishes.is_visible()
    assert not bones.is_visible()
    page.get_by_role("radio", name="Jā").check()
    assert bones.input_value() == "Bez"  # nothing typed is lost
    fill_in(page)
    send(page)
    page.wait_for_url("**/registered/")
    assert newest().answers == {"lunch": True, "dish": ["fish"], "bones": "Bez"}


def test_what_is_asked_and_not_answered_is_told_at_the_question(open_page, event):
    page = open_page("/lv/libraries/register/")
    fill_in(page)
    page.get_by_role("radio", name="Jā").check()
    send(page)
    page.wait_for_selector("#errors")
    assert page.get_by_role("group", name=re.compile("^Ēdieni")).is_visible()
    page.get_by_role("link", name=re.compile("^Ēdieni")).click()
    expect(page.locator("#id_question_dish_0")).to_be_focused()


def test_a_full_workshop_can_be_read_and_not_be_chosen(open_page, event):
    page = open_page("/lv/libraries/register/")
    full = page.get_by_role("radio", name=re.compile("^Aušana .+"))
    assert full.is_disabled()
    fill_in(page)
    page.get_by_role("radio", name="Nē").check()
    page.get_by_label("Sarunas").check()
    page.get_by_label("Ierašanās diena").fill("2027-09-18")
    page.get_by_label("Cik viesu?").fill("2,5")
    send(page)
    page.wait_for_url("**/registered/")
    assert newest().answers == {"lunch": False, "workshop": "talking", "day": "2027-09-18", "guests": 2.5}

    page.goto(f"/lv/r/{newest().manage_token}/")
    shown = page.get_by_role("main").inner_text()
    for expected in ("nē", "Sarunas", "2027. gada 18. septembris", "2,5"):
        assert expected in shown
    page.goto(f"/lv/r/{newest().manage_token}/edit/")
    assert page.get_by_role("radio", name="Nē").is_checked()
    assert page.get_by_label("Sarunas").is_checked()
    assert page.get_by_label("Ierašanās diena").input_value() == "2027-09-18"
    assert page.get_by_label("Cik viesu?").input_value() == "2,5"
    assert not page.get_by_label("Asakas").is_visible()


@pytest.mark.parametrize("language", ["lv", "en"])
def test_the_questions_fit_320_pixels(open_page, event, language):
    page = open_page(f"/{language}/libraries/register/", width=320)
    assert not scrolls_sideways(page)
