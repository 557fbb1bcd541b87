"""A refused form of the admin, in a real browser: the focus is on what is wrong, and its links lead there."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.log_in import log_in
from tests.factories import make_choice, make_event, make_question, make_topic, make_user
from tests.quick import first

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def event():
    event = make_event()
    make_topic(event, "First")
    make_topic(event, "Second", position=1)
    return event


@pytest.fixture
def open_form(open_page):
    """Opens a page of the admin for a superuser who logs in on the way."""

    def open_form(path: str, **options):
        user = make_user(is_superuser=True)
        page = open_page(path, locale="en-LV", **options)
        log_in(page, user)
        page.wait_for_selector("input[name=_save]")
        return page

    return open_form


def follow(page, words: str) -> None:
    page.get_by_role("link", name=words, exact=True).focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_links_lead_to_each_wrong_field(open_form, event, java_script_enabled):
    # As the checklist leads there: to an anchor, where the focus would stay.
    address = f"/admin/conference/event/{event.pk}/settings/when/#id_venue"
    page = open_form(address, java_script_enabled=java_script_enabled)
    page.locator("[name=slug]").fill("")
    page.locator("[name=starts_at_0]").fill("x")
    page.locator("input[name=_save]").click()
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("#errors")).to_be_in_viewport()
    for words, name in (
        ("Address: This field is required.", "slug"),
        ("Starts: Please enter the date as 2027-06-10 or as 10.06.2027.", "starts_at_0"),
    ):
        follow(page, words)
        expect(page.locator(f"[name={name}]")).to_be_focused()
        expect(page.locator(f"[name={name}]")).to_be_in_viewport()


@pytest.mark.parametrize(
    "path", first(["conference/venue/add/", "auth/user/add/", "conference/accessibilitystatement/add/"])
)
def test_on_a_page_that_adds_the_focus_is_on_what_is_wrong_too(open_form, path):
    page = open_form(f"/admin/{path}")
    page.locator("input[name=_save]").click()
    expect(page.locator("#errors")).to_be_focused()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#errors")).to_be_focused()
    assert violations(page) == []


def test_what_is_folded_is_open_where_something_is_wrong(open_form, event):
    question = make_question(event, "lunch", kind="one_of")
    make_choice(question, "soup")
    page = open_form(f"/admin/registrations/question/add/?event={event.pk}")
    folded = page.locator("#id_key")
    expect(folded).to_be_hidden()
    page.locator("fieldset summary").click()
    folded.fill("not a key!")
    page.locator("input[name=_save]").click()
    expect(page.locator("#errors")).to_be_focused()
    follow(page, "Key: Lower-case letters a–z, digits and underscores only.")
    expect(folded).to_be_focused()
    expect(folded).to_be_visible()
