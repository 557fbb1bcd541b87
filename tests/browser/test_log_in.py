"""Logging in with a second factor, in a real browser with an authenticator of its own."""

import re

import pytest
from playwright.sync_api import expect

from tests.accounts.factors import get_code, get_key
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse"


@pytest.fixture
def staff():
    return make_user(is_superuser=True, email="organiser@example.lv")


@pytest.fixture
def page(open_page, staff):
    """A browser in which an organiser has logged in, that can keep passkeys and whose owner agrees to everything."""
    page = open_page("/admin/", width=1440, watch=add_authenticator, locale="en-LV")
    log_in(page, staff)
    expect(page).to_have_url(re.compile("/admin/$"))
    return page


def add_authenticator(page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def log_in(page, user) -> None:
    page.get_by_label("User name").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def log_out(page) -> None:
    page.goto("/account/")
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(re.compile("/account/log-in/$"))


def confirm(page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def test_a_passkey_is_added_and_logs_in_without_a_password(page):
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("link", name="Add a passkey").click()
    confirm(page)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    log_out(page)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page).to_have_url(re.compile("/admin/$"))


def test_a_passkey_is_the_second_step_after_the_password(page, staff):
    page.goto("/account/passkeys/add/")
    confirm(page)
    page.get_by_label("alone, without a password").uncheck()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    log_out(page)
    log_in(page, staff)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile("/admin/$"))


def test_an_authenticator_app_is_added_and_asked_for_at_the_next_log_in(page, staff):
    page.goto("/account/app/")
    confirm(page)
    key = page.locator("code.key").inner_text()
    page.get_by_label("Code that the app shows").fill(get_code(key))
    page.get_by_role("button", name="Add the app").click()
    codes = page.locator("ul.key code").all_inner_texts()
    assert len(codes) == 10
    assert get_key(staff) == key
    log_out(page)
    log_in(page, staff)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page).to_have_url(re.compile("/admin/$"))
