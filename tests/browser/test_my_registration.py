"""The life of a registration from signing up to the day, in a real browser and without JavaScript."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command

from conference.models import Event
from registrations import operations
from registrations.mail import delivery
from registrations.models import Registration
from tests.browser.test_sign_up import fill_in, scrolls_sideways
from tests.factories import build_registration, make_registration
from tests.quick import first

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def event():
    call_command("load_conference", verbosity=0)
    event = Event.objects.get()
    event.capacity = 1
    event.save()
    return event


def mailbox() -> list[tuple[str, str]]:
    """What has arrived since the last look: to whom, and the subject."""
    mail.outbox.clear()
    delivery.send_due()
    return [(message.to[0], message.subject.partition(":")[0]) for message in mail.outbox]


def link_in(message, page="") -> str:
    return re.search(rf"{settings.SITE_URL}(/\w\w/r/[^/\s]+/{page})$", message.body, re.MULTILINE)[1]


def shown(page) -> str:
    return page.get_by_role("main").inner_text()


@pytest.mark.parametrize("javascript", first([False, True]))
def test_a_whole_life(open_page, event, javascript):
    page = open_page(f"/lv/{event.slug}/register/", java_script_enabled=javascript)
    fill_in(page)
    page.get_by_role("button", name="Reģistrēties").click()
    page.wait_for_url("**/registered/")
    assert mailbox() == [("anna@example.lv", "Reģistrācija apstiprināta")]
    link = link_in(mail.outbox[0])
    operations.register(build_registration(event, email="janis@example.lv", language="en"))
    assert mailbox() == [("janis@example.lv", "You are on the waiting list")]

    page.goto(link)
    assert "Apstiprināta: Jums ir rezervēta vieta." in shown(page)
    assert page.get_by_role("img", name="Jūsu biļetes QR kods").is_visible()
    page.get_by_role("link", name="Mainīt savus datus").click()
    page.get_by_label("Organizācija").fill("Rīgas Centrālā bibliotēka")
    page.get_by_label("Bibliotēku loma mūžizglītības procesos").check()
    page.get_by_role("button", name="Saglabāt").click()
    assert "Rīgas Centrālā bibliotēka" in shown(page)
    assert "Bibliotēku loma mūžizglītības procesos" in shown(page)
    assert mailbox() == [("anna@example.lv", "Jūsu reģistrācija ir mainīta")]

    page.get_by_role("link", name="Atcelt savu reģistrāciju").click()
    assert "Jūsu vieta atbrīvosies" in shown(page)
    page.get_by_role("button", name="Atcelt savu reģistrāciju").click()
    assert "Atcelta: Jums nav vietas." in shown(page)
    assert sorted(mailbox()) == [
        ("anna@example.lv", "Reģistrācija atcelta"),
        ("janis@example.lv", "You now have a place"),
    ]
    theirs = next(message for message in mail.outbox if message.to == ["janis@example.lv"])

    page.get_by_role("link", name="Pierakstīties gaidīšanas sarakstā").click()
    page.get_by_role("button", name="Pierakstīties gaidīšanas sarakstā").click()
    assert "Jūsu kārtas numurs gaidīšanas sarakstā ir 1." in shown(page)

    page.goto(link_in(theirs, "cancel/"))
    page.get_by_role("button", name="Cancel my registration").click()
    assert "Cancelled: you do not have a place." in shown(page)
    page.goto(link)
    assert "Apstiprināta: Jums ir rezervēta vieta." in shown(page)


def test_a_place_is_confirmed_by_the_link_and_one_button(open_page, event):
    Event.objects.update(confirm_email=True)
    page = open_page(f"/lv/{event.slug}/register/")
    fill_in(page)
    page.get_by_role("button", name="Reģistrēties").click()
    page.wait_for_url("**/registered/")
    assert "paturēta uz 24 stundām" in shown(page)
    ((address, subject),) = mailbox()
    assert address == "anna@example.lv"
    assert subject.startswith("Lūdzu, apstipriniet vietu līdz ")
    page.goto(link_in(mail.outbox[0], "confirm/"))
    assert Registration.objects.get().status == "pending"
    page.get_by_role("button").click()
    assert "Apstiprināta: Jums ir rezervēta vieta." in shown(page)
    assert Registration.objects.get().status == "confirmed"


def test_a_lost_link_is_found_by_the_address(open_page, event):
    make_registration(event, email="anna@example.lv", language="lv")
    page = open_page("/lv/")
    page.get_by_role("link", name="Jau reģistrējāties?").click()
    page.get_by_label("E-pasts").fill("anna@example.lv")
    page.get_by_role("button", name="Atsūtīt man saiti").click()
    assert "Ieskatieties savā e-pastā" in shown(page)
    assert mailbox() == [("anna@example.lv", "Jūsu reģistrāciju personīgās saites")]
    page.goto(link_in(mail.outbox[0]))
    assert "Apstiprināta: Jums ir rezervēta vieta." in shown(page)


def test_taking_and_erasing_ones_data(open_page, event):
    registration = make_registration(event, first_name="Anna")
    page = open_page(registration.manage_path)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all data held about me").click()
    assert '"first_name": "Anna"' in Path(download.value.path()).read_text(encoding="utf-8")
    page.get_by_role("link", name="Erase my data").click()
    page.get_by_role("button", name="Permanently erase my data").click()
    assert "Your data has been erased" in shown(page)
    assert Registration.objects.get().first_name == ""


def test_the_personal_link_is_told_to_no_other_site(browser, live_server, event):
    registration = make_registration(event)
    context = browser.new_context(base_url=live_server.url)
    asked = []

    def answer(route):
        asked.append(route.request.all_headers())
        route.fulfill(body="a map")

    context.route("https://www.openstreetmap.org/**", answer)
    page = context.new_page()
    page.goto(registration.manage_path)
    link = page.get_by_role("link", name="Show on the map")
    link.evaluate("link => link.removeAttribute('rel')")  # the site's policy has to do without it
    link.click()
    page.wait_for_url("https://www.openstreetmap.org/**")
    context.close()
    assert [headers.get("referer") for headers in asked] == [None]


@pytest.mark.parametrize(
    ("language", "status"), [("lv", "confirmed"), ("en", "pending"), ("lv", "waitlisted"), ("en", "cancelled")]
)
def test_nothing_scrolls_sideways_at_320_pixels(open_page, event, language, status):
    registration = make_registration(event, status, organisation="Garšnosaukums" * 12)
    page = open_page(f"/{language}/find/", width=320)
    assert not scrolls_sideways(page)
    for name in ("", "edit/", "cancel/", "confirm/", "rejoin/", "new-link/", "erase/"):
        page.goto(f"/{language}/r/{registration.manage_token}/{name}")
        assert not scrolls_sideways(page), name
