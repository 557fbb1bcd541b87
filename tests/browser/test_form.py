"""The registration form as keyboards, screen readers and bare browsers get it."""

import pytest
from playwright.sync_api import expect

from conference.models import Event
from registrations.models import Registration
from tests.browser.obstacles import START
from tests.browser.screen_reader import read_out, untold
from tests.pages.steps import fill_in
from tests.realistic import ask_everything

pytestmark = pytest.mark.django_db(transaction=True)

TYPED = {"first_name": "Anna", "last_name": "Bērziņa", "email": "anna@example.lv", "country": "Lat"}
FOCUSED = "document.activeElement.name || document.activeElement.type || document.activeElement.localName"


def control(page, identity: str) -> tuple:
    """What is told of the control with this id: its name, its description, whether it is wrong and required."""
    told = next(one for one in read_out(page) if one["id"] == identity)
    return told["name"], told["description"], told["invalid"] == "true", told.get("required", False)


def send(page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_whole_sign_up_is_done_by_keyboard(visit):
    page = visit("form_with_questions", "lv")
    page.evaluate(START)
    for _number in range(60):
        page.keyboard.press("Tab")
        match page.evaluate(FOCUSED):
            case "first_name" | "last_name" | "email" | "country" as name:
                page.keyboard.type(TYPED[name])
            case "question_workshop" | "question_lunch" | "consent":
                page.keyboard.press("Space")
            case "submit":
                break
    send(page)
    page.wait_for_url("**/registered/")
    registration = Registration.objects.latest("pk")
    assert registration.full_name == "Anna Bērziņa"
    assert registration.country.code == "LV"
    assert registration.answers["lunch"] is True
    assert registration.answers["workshop"] == "talking"


def test_enter_in_a_field_sends_the_form(visit):
    page = visit("find", "en")
    page.locator("[name=email]").focus()
    page.keyboard.type("anna@example.lv")
    send(page)
    page.wait_for_url("**/find/sent/")


@pytest.mark.parametrize("name", ["form_errors", "edit_errors", "find_errors", "embedded_errors"])
def test_the_focus_is_on_what_is_wrong_and_enter_on_each_error_leads_to_its_field(visit, name):
    page = visit(name, "lv")
    expect(page.locator("#errors:focus, #errors :focus, #answer:focus")).to_have_count(1)
    targets = [link.get_attribute("href") for link in page.locator("#errors a").all()]
    assert targets
    for number, target in enumerate(targets, 1):
        page.locator("#errors").focus()
        for _press in range(number):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(target)).to_be_focused()


def test_a_control_that_is_told_badly_would_be_found(visit):
    page = visit("find_errors", "en")
    assert untold(page) == []
    page.evaluate("document.querySelectorAll('main form label').forEach(label => label.remove())")
    page.evaluate("document.querySelector('main form [name=email]').removeAttribute('aria-describedby')")
    nameless, untold_error = sorted(untold(page))
    assert nameless.startswith("a control without a name")
    assert untold_error.endswith("is told with no control")


def test_a_wrong_field_is_told_with_its_label_its_hint_and_its_error(visit):
    page = visit("edit_errors", "en")
    hint = (
        "If you change the address, we will first e-mail the new one. "
        "The change takes effect when you confirm it there."
    )
    error = "Please enter the first name, the last name or both."
    assert control(page, "id_first_name") == ("First name", error, True, False)
    one_is_enough = "Please enter both names. If you have only one, one field is enough."
    assert control(page, "id_last_name") == ("Last name", one_is_enough, False, False)
    assert control(page, "id_email") == (
        "E-mail (required)",
        f"{hint} Please check the e-mail address; it should look like name@example.org.",
        True,
        True,
    )
    assert control(page, "id_organisation") == ("Organisation", "", False, False)


def without_pictures(page) -> None:
    """Let the browser get no picture."""
    page.route(
        "**/*",
        lambda route: route.fulfill(body="") if route.request.resource_type == "image" else route.fallback(),
    )


def test_the_whole_sign_up_is_done_without_javascript_and_without_pictures(visit):
    page = visit("event_with_pictures", "lv", java_script_enabled=False, watch=without_pictures)
    ask_everything(Event.objects.get())
    page.get_by_role("link", name="Reģistrēties").click()
    fill_in(page)
    page.locator("[name=question_workshop][value=talking]").check()
    page.locator("[name=question_lunch][value=no]").check()
    page.locator("[name=question_dietary_needs][value=other]").check()
    page.locator("[name=question_dietary_needs_other]").fill("bez sīpoliem")
    page.get_by_role("button", name="Reģistrēties").click()
    page.wait_for_url("**/registered/")
    answers = Registration.objects.latest("pk").answers
    assert answers["lunch"] is False
    assert answers["dietary_needs_other"] == "bez sīpoliem"
