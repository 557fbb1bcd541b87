"""Changing the language of a form that somebody has begun to fill in."""

import pytest
from playwright.sync_api import expect

from registrations.models import OutgoingEmail, Registration
from tests.pages.steps import fill_in, press
from tests.quick import first

pytestmark = pytest.mark.django_db(transaction=True)

TYPED = {"first_name": "Annemarija", "email": "annemarija@", "job_title": "bibliotekāre", "question_guests": "daži"}
STORED = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"


def change_to(page, language: str) -> str:
    """Click on the language; gives the method of the request that this made."""
    with page.expect_navigation(), page.expect_request(lambda request: request.is_navigation_request()) as asked:
        page.locator(f".languages a[lang={language}]").click()
    page.wait_for_url(f"**/{language}/**")
    return asked.value.method


def type_in(page) -> None:
    for name, value in TYPED.items():
        page.locator(f"[name={name}]").press_sequentially(value)
    page.locator("[name=country]").select_option("EE")
    page.locator("[name=question_dietary_needs][value=other]").check()
    page.locator("[name=question_dietary_needs_other]").fill("bez sīpoliem")
    page.locator("[name=consent]").check()


def expect_as_typed(page) -> None:
    for name, value in {**TYPED, "country": "EE", "question_dietary_needs_other": "bez sīpoliem"}.items():
        if name != "question_guests":  # browsers take no letters in a field for numbers
            expect(page.locator(f"[name={name}]")).to_have_value(value)
    expect(page.locator("[name=question_dietary_needs][value=other]")).to_be_checked()
    expect(page.locator("[name=consent]")).to_be_checked()


def test_what_was_typed_goes_along_from_language_to_language(visit):
    page = visit("form_with_questions", "lv")
    before = Registration.objects.count()
    type_in(page)
    for language, button in (("en", "Register"), ("lv", "Reģistrēties")):
        assert change_to(page, language) == "POST"
        expect(page.get_by_role("button", name=button)).to_be_visible()
        expect(page.locator("#errors")).to_have_count(0)
        expect_as_typed(page)
        assert page.url.endswith(f"/{language}/di-xl/register/")
        assert page.evaluate(STORED) == []
    assert Registration.objects.count() == before


def test_the_form_is_then_sent_in_the_new_language(visit):
    page = visit("form_open", "lv")
    fill_in(page)
    change_to(page, "en")
    press(page)
    page.wait_for_url("**/en/di-xl/registered/")
    assert Registration.objects.latest("pk").language == "en"


def test_a_form_as_it_was_opened_is_only_opened_in_the_other_language(visit):
    page = visit("form_with_questions", "lv")
    page.reload()
    for language in ("en", "lv"):
        assert change_to(page, language) == "GET"


def test_errors_are_told_in_the_new_language(visit):
    page = visit("form_errors", "lv")
    expect(page.get_by_role("heading", name="Vēl nav saglabāts – lūdzu, izlabojiet:")).to_be_visible()
    assert change_to(page, "en") == "POST"
    expect(page.get_by_role("heading", name="Not saved yet – please check the following:")).to_be_visible()
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("[name=email]")).to_have_value("annemarija@")


def test_who_goes_back_sends_the_form_and_not_its_translation(visit):
    page = visit("form_open", "lv")
    fill_in(page)
    change_to(page, "en")
    page.go_back()
    page.wait_for_url("**/lv/di-xl/register/")
    fill_in(page)
    press(page)
    page.wait_for_url("**/lv/di-xl/registered/")
    assert Registration.objects.latest("pk").language == "lv"


def test_a_click_that_opens_a_tab_leaves_the_form_alone(visit):
    page = visit("form_open", "lv")
    fill_in(page)
    with page.context.expect_page() as opened:
        page.locator(".languages a[lang=en]").click(modifiers=["Control"])
    opened.value.wait_for_url("**/en/di-xl/register/")
    expect(page.locator("[name=first_name]")).to_have_value("Anna")
    assert page.url.endswith("/lv/di-xl/register/")


def test_without_javascript_the_link_is_a_link(visit):
    page = visit("form_open", "lv", java_script_enabled=False)
    fill_in(page)
    assert change_to(page, "en") == "GET"
    expect(page.locator("[name=first_name]")).to_have_value("")


@pytest.mark.parametrize("name", ["find", "edit"])
def test_so_it_is_on_the_other_forms(visit, name):
    page = visit(name, "en")
    before = OutgoingEmail.objects.count()
    page.locator("[name=email]").fill("somebody@example.lv")
    assert change_to(page, "lv") == "POST"
    expect(page.locator("[name=email]")).to_have_value("somebody@example.lv")
    assert OutgoingEmail.objects.count() == before


@pytest.mark.parametrize(
    "name",
    first(
        ["form_doubts_the_address", "embedded_doubts_the_address", "find_doubts_the_address", "edit_doubts_the_address"]
    ),
)
@pytest.mark.parametrize("javascript", [True, False])
def test_one_press_of_the_button_sends_the_address_that_was_doubted(visit, name, javascript):
    page = visit(name, "en", java_script_enabled=javascript)
    expect(page.locator("#errors a[href='#id_email']")).to_contain_text("E-mail: did you mean annemarija@gmail.com?")
    press(page)
    expect(page.locator("#errors")).to_have_count(0)
    if name == "edit_doubts_the_address":
        assert Registration.objects.latest("pk").new_email == "annemarija@gmial.com"
    elif name != "find_doubts_the_address":
        assert Registration.objects.latest("pk").email == "annemarija@gmial.com"
