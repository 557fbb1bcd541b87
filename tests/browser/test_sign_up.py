"""What attendees do, in a real browser."""

import re

import pytest
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import expect

from conference.models import Event
from registrations.mail import delivery
from registrations.models import Registration
from tests.factories import make_registration

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def event():
    call_command("load_conference", verbosity=0)
    return Event.objects.get()


def fill_in(page, **values):
    for label, value in {"Vārds": "Anna", "Uzvārds": "Bērziņa", "E-pasts": "anna@example.lv", **values}.items():
        page.get_by_role("textbox", name=re.compile(f"^{label}( \\(obligāti\\))?$")).fill(value)
    page.get_by_role("checkbox", name=re.compile("^Piekrītu")).check()


def scrolls_sideways(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize("javascript", [False, True])
def test_a_visitor_signs_up_on_a_phone_and_opens_the_link_from_the_e_mail(open_page, javascript):
    page = open_page("/", java_script_enabled=javascript)
    assert page.url.endswith("/lv/")
    page.get_by_role("link", name="Reģistrēties").click()
    fill_in(page)
    page.get_by_label("Organizācija").fill("Rīgas Centrālā bibliotēka")
    page.get_by_label("Valsts").select_option("Latvija")
    page.get_by_label("Bibliotēku loma mūžizglītības procesos").check()
    page.get_by_role("button", name="Reģistrēties").click()
    page.wait_for_url("**/registered/")
    assert page.get_by_role("heading", level=1).inner_text() == "Paldies – reģistrācija saņemta"
    assert "anna@example.lv" in page.get_by_role("main").inner_text()

    assert delivery.send_due() == (1, 0)
    link = re.search(r"/lv/r/[^/\s]+/$", mail.outbox[0].body, re.MULTILINE)[0]
    page.goto(link)
    shown = page.get_by_role("main").inner_text()
    for expected in (
        "Apstiprināta: Jums ir rezervēta vieta.",
        "Anna",
        "Bērziņa",
        "Rīgas Centrālā bibliotēka",
        "Latvija",
    ):
        assert expected in shown


def test_with_errors_the_summary_has_the_focus_and_its_links_lead_to_the_fields(open_page, event):
    page = open_page(f"/lv/{event.slug}/register/")
    page.get_by_label("Organizācija").fill("LNB")
    page.get_by_role("button", name="Reģistrēties").click()
    page.wait_for_selector("#errors")
    expect(page.locator("#errors")).to_be_focused()
    assert page.get_by_label("Organizācija").input_value() == "LNB"
    page.get_by_role("link", name=re.compile("^E-pasts")).click()
    expect(page.locator("#id_email")).to_be_focused()
    described = page.locator("#id_email").get_attribute("aria-describedby")
    assert page.locator(f"#{described.split()[-1]}").inner_text().strip() == "Lūdzu, aizpildiet šo lauku."
    assert not Registration.objects.exists()


def test_everything_can_be_done_with_the_keyboard_alone(open_page, event):
    page = open_page(f"/lv/{event.slug}/register/")
    focused = "document.activeElement.name || document.activeElement.textContent.trim()"
    visited = []
    for _number in range(40):
        page.keyboard.press("Tab")
        visited.append(page.evaluate(focused))
        match visited[-1]:
            case "first_name":
                page.keyboard.type("Anna")
            case "last_name":
                page.keyboard.type("Bērziņa")
            case "email":
                page.keyboard.type("anna@example.lv")
            case "consent":
                page.keyboard.press("Space")
            case "Reģistrēties":
                break
    assert "website" not in visited
    page.keyboard.press("Enter")
    page.wait_for_url("**/registered/")
    assert Registration.objects.get().full_name == "Anna Bērziņa"


def test_the_trap_is_out_of_sight_until_something_falls_into_it(open_page, event):
    page = open_page(f"/lv/{event.slug}/register/")
    trap = page.locator("#id_website")
    assert trap.bounding_box()["x"] < 0
    assert not scrolls_sideways(page)
    trap.evaluate("field => field.value = 'https://spam.example'")
    fill_in(page)
    page.get_by_role("button", name="Reģistrēties").click()
    page.wait_for_selector("#errors")
    assert page.locator("#id_website").bounding_box()["x"] > 0


@pytest.mark.parametrize("language", ["lv", "en"])
def test_nothing_scrolls_sideways_at_320_pixels(open_page, event, language):
    registration = make_registration(event, organisation="Garšnosaukums" * 12)
    page = open_page("/", width=320)
    for path in (
        f"/{language}/",
        f"/{language}/{event.slug}/register/",
        f"/{language}/{event.slug}/privacy/",
        f"/{language}/r/{registration.manage_token}/",
    ):
        page.goto(path)
        assert not scrolls_sideways(page), path


def test_the_language_switch_keeps_the_page(open_page, event):
    page = open_page(f"/lv/{event.slug}/privacy/")
    page.get_by_role("link", name="English").click()
    assert page.url.endswith(f"/en/{event.slug}/privacy/")
    assert page.get_by_role("heading", level=1).inner_text() == "Privacy notice"
