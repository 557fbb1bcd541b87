"""What organisers do, in a real browser and under the site's Content-Security-Policy."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import expect

from conference.admin.publication_checks import settings_url
from registrations.models import Registration
from tests.browser.log_in import log_in
from tests.browser.test_sign_up import scrolls_sideways
from tests.factories import make_event, make_registration, make_user

LONG = {"organisation": "Rīgas Pieaugušo izglītības centra mūžizglītības projektu nodaļa"}
LONG |= {"email": "aleksandra.kalnina@pieauguso.riga.example", "tags": ["brīvprātīgais", "prese"]}

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_organiser_finds_somebody_confirms_them_and_exports_the_list(open_page):
    event = make_event(capacity=2)
    make_registration(event, "waitlisted", last_name="Kalniņa", **LONG)
    cancelled = make_registration(event, "cancelled", first_name="Jānis", last_name="Bērziņš")
    organiser = make_user(is_superuser=True)

    page = open_page("/admin/registrations/registration/", width=1366)
    log_in(page, organiser)
    page.wait_for_selector("#result_list")
    heights = page.locator("#result_list tbody tr").evaluate_all("rows => rows.map((row) => row.offsetHeight)")
    assert heights[0] == heights[1] < 40  # a line each
    page.locator("#searchbar").fill("berzins")
    page.locator("#searchbar").press("Enter")
    page.wait_for_url("**?q=berzins")
    assert page.locator("#result_list tbody tr").count() == 1

    page.locator(".action-select").check()
    confirm = page.locator("button[name=action][value=confirm]")
    expect(confirm.locator(".action-number")).to_have_text("1")
    confirm.click()
    page.locator("input[name=notify]").uncheck()
    page.locator("#content input[type=submit]").click()
    page.wait_for_selector(".messagelist")
    cancelled.refresh_from_db()
    assert cancelled.status == "confirmed"
    assert not cancelled.emails.exists()

    page.locator(".object-tools a[href*='/export/']").click()
    page.locator("input[name=format][value=csv]").check()
    page.locator("input[name=columns][value=email]").uncheck()
    with page.expect_download() as download:
        page.locator("input[name=export]").click()
    content = Path(download.value.path()).read_text(encoding="utf-8-sig")
    header, row = csv.reader(io.StringIO(content), delimiter=";")
    assert row[header.index("Uzvārds")] == "Bērziņš"
    assert "E-pasts" not in header
    with page.expect_download() as download:
        page.locator("button[value='sign-in-sheet.pdf']").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    page.reload()
    assert page.locator("input[name=format]:checked").get_attribute("value") == "csv"
    assert not page.locator("input[name=columns][value=email]").is_checked()


def test_an_organiser_signs_somebody_up_by_hand(open_page):
    make_event()
    organiser = make_user(is_superuser=True)
    page = open_page("/admin/registrations/registration/add/", width=1440)
    log_in(page, organiser)
    page.locator("#id_first_name").fill("Ilze")
    page.locator("#id_last_name").fill("Direktore")
    page.locator("#id_email").fill("ilze@example.lv")
    page.locator("input[type=submit]").click()
    page.wait_for_selector(".messagelist .success")
    assert Registration.objects.get().source == "by_hand"


# How many lines of text something takes: its longest word is not cut in two.
LINES = """cell => {
    const range = document.createRange()
    range.selectNodeContents(cell)
    return new Set([...range.getClientRects()].map(({top}) => Math.round(top))).size
}"""


def list_of_somebody(open_page, width: int):
    make_registration(make_event(), first_name="Anna", last_name="Ābele", email="anna.abele@example.lv", tags=["prese"])
    organiser = make_user(is_superuser=True)
    page = open_page("/admin/registrations/registration/", width=width)
    log_in(page, organiser)
    page.wait_for_selector("#result_list")
    return page


def test_the_list_follows_what_is_typed_and_the_buttons_say_on_how_many_they_act(open_page):
    event = make_event()
    for number in range(52):
        make_registration(event, last_name="Kalna" if number < 51 else "Bērziņa")
    page = open_page("/admin/registrations/registration/", width=1440)
    log_in(page, make_user(is_superuser=True))
    buttons = page.locator("#changelist-form .actions")
    expect(buttons).to_be_hidden()
    page.locator("#searchbar").press_sequentially("kalna")
    expect(page.locator("#people-number")).to_contain_text("51")
    expect(page.locator("#result_list tbody tr")).to_have_count(50)
    page.locator("#action-toggle").check()
    number = buttons.locator("button[value=send_email] .action-number")
    expect(number).to_have_text("50")
    buttons.locator(".question a").click()
    expect(number).to_have_text("51")
    page.locator("#searchbar").fill("berzina")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    expect(buttons).to_be_hidden()
    page.locator(".action-select").check()
    expect(number).to_have_text("1")
    assert page.url.endswith("q=berzina")


def test_on_a_phone_each_person_is_a_card_and_nothing_scrolls_sideways(open_page):
    page = list_of_somebody(open_page, 320)
    assert not scrolls_sideways(page)
    assert page.locator(".results").evaluate("frame => frame.scrollWidth <= frame.clientWidth")
    title = page.locator("td.field-email").evaluate("cell => getComputedStyle(cell, '::before').content")
    assert title == '"E-pasts"'
    name, address = (page.locator(cell).bounding_box() for cell in (".field-name", "td.field-email"))
    assert address["y"] >= name["y"] + name["height"]


def test_on_a_desktop_no_word_of_the_list_is_cut_in_two(open_page):
    page = list_of_somebody(open_page, 1440)
    assert page.locator("td.field-status").evaluate(LINES) == 1
    assert page.locator("td.field-tags").evaluate(LINES) == 1
    assert page.locator("td.field-email").evaluate(LINES) <= 2


def test_new_rows_keep_their_order_and_moving_one_past_an_empty_row_is_no_mistake(open_page):
    event = make_event()
    page = open_page(settings_url(event, "topics"), width=1366, locale="en-LV")
    log_in(page, make_user(is_superuser=True))
    page.locator("#id_topics-0-title_1").fill("Reading")
    page.locator("#topics-group .add-row a").click()
    page.locator("#id_topics-1-title_1").fill("Writing")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert [str(topic) for topic in event.topics.order_by("position")] == ["Reading", "Writing"]
    for place, expected in ((1, ["Writing", "Reading"]), (0, ["Reading", "Writing"])):  # up, and down to the empty row
        page.locator(f".ordering button[data-move='{1 - 2 * place}']").nth(place).click()
        if not place:
            page.locator(".ordering button[data-move='1']").nth(1).click()
            page.locator(".ordering button[data-move='-1']").nth(2).click()
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".messagelist .success")).to_be_visible()
        assert [str(topic) for topic in event.topics.order_by("position")] == expected
