"""The registration form as keyboards, screen readers and bare browsers get it."""

import re

import pytest
from playwright.sync_api import expect

from conference.models import Event
from registrations.models import Registration
from tests.browser.obstacles import START
from tests.pages import PAGES
from tests.pages.deeds import fill_in
from tests.realistic import ask_everything

pytestmark = pytest.mark.django_db(transaction=True)

FORMS = [name for name in PAGES if re.match("form_(open|with|errors)|(edit|find|embedded)(_errors)?$", name)]
CONTROLS = {"textbox", "checkbox", "radio", "combobox", "Date", "DateTime", "spinbutton", "radiogroup", "group"}
TYPED = {"first_name": "Anna", "last_name": "Bērziņa", "email": "anna@example.lv", "country": "Lat"}
FOCUSED = "document.activeElement.name || document.activeElement.type || document.activeElement.localName"


def read_out(page) -> list[dict]:
    """What the browser tells a screen reader of each control and group of them, with the element's id."""
    browser = page.context.new_cdp_session(page)
    browser.send("Accessibility.enable")
    told = []
    for node in browser.send("Accessibility.getFullAXTree")["nodes"]:
        if node.get("role", {}).get("value") in CONTROLS and not node["ignored"]:
            element = browser.send("DOM.describeNode", {"backendNodeId": node["backendDOMNodeId"]})["node"]
            attributes = element.get("attributes", [])
            told.append(
                {one["name"]: one["value"].get("value") for one in node["properties"]}
                | {"id": dict(zip(attributes[::2], attributes[1::2], strict=True)).get("id")}
                | {name: node.get(name, {}).get("value", "") for name in ("name", "description")}
            )
    return told


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


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("language", ["lv", "en"])
def test_every_control_has_a_name_and_says_what_stands_at_it(visit, name, language):
    page = visit(name, language)
    told = read_out(page)
    assert told
    assert [one for one in told if not one["name"]] == []
    for said in page.locator("main form .invalid-feedback, main form .form-text").all():
        text = " ".join(said.inner_text().split())
        heard = [one for one in told if text in " ".join(one["description"].split())]
        assert heard or not said.is_visible(), text


def test_a_wrong_field_is_told_with_its_label_its_hint_and_its_error(visit):
    page = visit("edit_errors", "en")
    hint = (
        "If you change the address, we will first e-mail the new one. "
        "The change takes effect when you confirm it there."
    )
    assert control(page, "id_first_name") == ("First name (required)", "Please fill in this field.", True, True)
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
