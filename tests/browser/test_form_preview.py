"""The form beside a question that is being written, in a real browser."""

import pytest
from playwright.sync_api import expect

from registrations.models import Question
from tests.browser.log_in import log_in
from tests.browser.test_sign_up import scrolls_sideways
from tests.factories import make_choice, make_event, make_question, make_user
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_question(open_page):
    """Opens the page that adds a question to an event with one, for a superuser who logs in on the way."""

    def open_question(**options):
        event = make_event()
        make_choice(make_question(event, "bus", kind="one_of", label={"lv": "Autobuss", "en": "Bus"}), "yes")
        page = open_page(f"/admin/registrations/question/add/?event={event.pk}", locale="en-LV", **options)
        log_in(page, make_user(is_superuser=True))
        page.wait_for_selector("input[name=_save]")
        return page

    return open_question


def edited(page, language: str):
    return page.locator(f".form-preview [lang={language}] .edited")


def test_the_form_follows_what_is_typed_in_both_languages_and_nothing_is_saved(open_question):
    page = open_question(width=1366)
    page.locator("[name=label_0]").fill("Kuras pusdienas?")
    page.locator("[name=label_1]").fill("Which lunch?")
    page.locator("[name=kind]").select_option("several_of")
    page.locator("[name=choices-0-label_1]").fill("<i>Fish</i>")
    expect(edited(page, "en")).to_contain_text("<i>Fish</i>")
    expect(edited(page, "en")).to_be_in_viewport()
    expect(edited(page, "lv")).to_be_hidden()
    page.get_by_text("Form: Latvian", exact=True).click()
    expect(edited(page, "lv")).to_contain_text("Kuras pusdienas?")
    expect(edited(page, "en")).to_be_hidden()
    assert Question.objects.count() == 1


def test_the_last_answer_wins(open_question):
    page, held = open_question(width=1366), []
    page.route("**/preview/*", lambda route: held.append(route))
    for number, text in enumerate(["First", "Second"], start=1):
        page.locator("[name=label_1]").fill(text)
        wait_for(lambda wanted=number: page.evaluate("1") and len(held) == wanted)
    first, second = held
    second.continue_()
    expect(edited(page, "en")).to_contain_text("Second")
    with page.expect_response("**/preview/*") as late:
        first.continue_()
    late.value.finished()
    expect(edited(page, "en")).to_contain_text("Second")


def test_what_is_no_answer_changes_nothing_and_the_next_key_asks_again(open_question):
    page = open_question(width=1366)
    page.route("**/preview/*", lambda route: route.fulfill(body="<h1>Log in</h1>"), times=1)
    with page.expect_response("**/preview/*") as failed:
        page.locator("[name=label_1]").fill("Lunch")
    failed.value.finished()
    assert edited(page, "en").count() == 0
    page.locator("[name=label_1]").press("?")
    expect(edited(page, "en")).to_contain_text("Lunch?")


def test_without_javascript_the_saved_form_is_beneath_on_a_phone(open_question):
    page = open_question(width=320, java_script_enabled=False)
    expect(page.locator(".form-preview [lang=en]").get_by_text("Bus", exact=True)).to_be_visible()
    assert not scrolls_sideways(page)
    page.get_by_text("Form: Latvian", exact=True).click()
    expect(page.locator(".form-preview [lang=lv]").get_by_text("Autobuss", exact=True)).to_be_visible()
