"""The organisers' pages of the day, in a real browser and under the site's Content-Security-Policy."""

import pytest
from playwright.sync_api import expect

from attendance.models import DoorSettings
from tests.attendance.check_ins import make_check_in, make_device
from tests.attendance.doors import make_door
from tests.browser.axe import violations
from tests.browser.combinations import LOOKS
from tests.browser.log_in import log_in
from tests.browser.test_print import sheets
from tests.browser.test_sign_up import scrolls_sideways
from tests.factories import make_event, make_registration, make_user
from tests.quick import first

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def event():
    event = make_event()
    late = make_registration(event, "waitlisted", last_name="Garšuzvārds" * 8)
    make_check_in(late, verdict="waitlisted", reason="x" * 200, door=make_door(event, "Z" * 60))
    make_device(event, name="M" * 60, unsent=4)
    DoorSettings.objects.create(event=event, checks_out=True)
    return event


def opened(open_page, event, page: str = "", **options):
    organiser = make_user(is_superuser=True)
    opened = open_page(f"/admin/attendance/checkin/door/{event.pk}/{page}", **options)
    log_in(opened, organiser)
    opened.wait_for_selector("#content-main")
    return opened


def test_the_figures_follow_who_comes_and_the_focus_stays(open_page, event):
    page = opened(open_page, event, width=1280)
    page.clock.install()
    page.reload()
    expect(page.locator("#day strong")).to_have_text("1")
    link = page.locator("#flags tbody a").first
    link.focus()
    make_check_in(make_registration(event), door=event.doors.get())
    page.clock.run_for(15_000)
    expect(page.locator("#day strong")).to_have_text("2")
    expect(page.locator("#entrances .number").last).to_have_text("2")
    expect(link).to_be_focused()


def test_the_code_that_pairs_a_phone_counts_down(open_page, event):
    page = opened(open_page, event, "pair/", width=1280)
    page.clock.install()
    page.locator("input[type=submit]").click()
    left = page.locator("[data-countdown]")
    expect(left).to_have_text("10:00")
    page.clock.run_for(61_000)
    expect(left).to_have_text("8:59")
    page.clock.fast_forward(540_000)
    expect(left).to_contain_text("termiņš ir beidzies")


def show_a_code(page):
    page.locator("input[type=submit]").click()
    page.wait_for_selector(".pairing")


def enter_one_name_twice(page):
    page.locator("[name=doors-1-name]").fill("z" * 60)
    page.locator("input[type=submit]").click()
    page.wait_for_selector(".errornote")


def test_axe_finds_nothing_and_nothing_scrolls_sideways_on_a_phone(open_page, event):
    page, found = opened(open_page, event, width=320), []
    states = {"": None, "pair/": show_a_code, "settings/": enter_one_name_twice, "rehearsal/": None, "guide/": None}
    for name, show in states.items():
        page.set_viewport_size({"width": 320, "height": 740})
        page.goto(f"/admin/attendance/checkin/door/{event.pk}/{name}")
        if show:
            show(page)
        found += [name] if scrolls_sideways(page) else []
        found += violations(page, looks=LOOKS[1:2])
    assert found == []


@pytest.mark.parametrize("language", first(["lv", "en"]))
def test_the_guide_is_one_sheet_whatever_it_says(open_page, event, language):
    DoorSettings.objects.update(has_names=True, exceeds_capacity=True)
    page = opened(open_page, event, width=1280)
    page.goto(f"/admin/attendance/checkin/door/{event.pk}/guide/?language={language}")
    (text,) = sheets(page)
    assert "organisers@example.org" in text
    assert page.locator(".on-screen a").first.inner_text() not in text
