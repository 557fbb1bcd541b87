"""A whole day at the door as people meet it who see all of this for the first time: an organiser and two helpers."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from registrations.models import Registration
from tests.attendance.badges.printed_badges import split_badges
from tests.browser.camera_film import list_camera_arguments, write_film
from tests.browser.door_phones import DoorPhone
from tests.browser.log_in import log_in
from tests.factories import make_event, make_registration, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof, pytest.mark.slow]


@pytest.fixture
def people():
    event = make_event()
    names = [("Anna", "Ozola"), ("Jānis", "Bērziņš"), ("Ilze", "Kalniņa")]
    return [make_registration(event, first_name=first, last_name=last) for first, last in names]


@pytest.fixture
def desk(open_page, people):
    """The organiser's page of the day."""
    desk = open_page(f"/admin/attendance/checkin/door/{people[0].event.pk}/", width=1280, locale="en-LV")
    log_in(desk, make_user(is_superuser=True))
    return desk


def prepare(desk: Page) -> None:
    """Name two entrances, and let helpers search by name."""
    desk.get_by_role("link", name="Settings and entrances").click()
    for number, name in enumerate("AB"):
        desk.get_by_label("New entrance").nth(number).fill(name)
    desk.locator("[name=has_names]").check()
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()


def print_badges(desk: Page) -> list[list[str]]:
    """Return the words on each badge of the first sheet."""
    desk.locator("#content").get_by_role("link", name="Badges", exact=True).click()
    with desk.expect_download() as download:
        desk.get_by_role("button", name="Make the PDF").click()
    badges = split_badges(Path(download.value.path()).read_bytes(), "a7-sheet")[0]
    desk.go_back()
    return [words for words in badges if words]


def show_code(desk: Page, entrance: str) -> str:
    """Return the address that pairs a phone for this entrance."""
    desk.get_by_role("link", name="Pair a phone").click()
    desk.get_by_label("Entrance").select_option(entrance)
    desk.get_by_role("button", name="Show the code").click()
    address = desk.locator(".pairing-address").inner_text()
    desk.get_by_role("navigation", name="Menu").get_by_role("link", name="Door", exact=True).click()
    return address


def export_who_came(desk: Page) -> list[dict]:
    desk.locator("#day dd a").first.click()
    desk.locator(".object-tools a[href*='/export/']").click()
    desk.locator("input[name=format][value=csv]").check()
    with desk.expect_download() as download:
        desk.locator("input[name=export]").click()
    content = Path(download.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(content), delimiter=";"))


def let_in_by_camera(phone: DoorPhone, name: str) -> None:
    phone.start_camera()
    phone.expect_verdict("Welcome", name)
    phone.stop_camera()
    phone.expect_unsent(0)


def test_a_whole_day_at_the_door(desk, people, start_phone, live_server, settings, tmp_path):
    settings.SITE_URL = live_server.url
    anna = Registration.objects.get(pk=people[0].pk)
    film = write_film(tmp_path / "film.y4m", [f"{live_server.url}/D/{anna.ticket_code}".upper(), ""])
    prepare(desk)
    assert [" ".join(badge[1:3]) for badge in print_badges(desk)] == ["Jānis Bērziņš", "Ilze Kalniņa", "Anna Ozola"]
    first, second = (start_phone(live_server.url, arguments=list_camera_arguments(film)) for _number in range(2))
    for phone, entrance in ((first, "A"), (second, "B")):
        phone.pair(show_code(desk, entrance), people=len(people), name=f"Phone {entrance}")

    let_in_by_camera(first, "Anna Ozola")
    second.search("berzins")
    second.expect_verdict("Welcome", "Jānis Bērziņš")
    second.expect_unsent(0)
    second.set_offline(True)
    second.let_walk_in("Zuzanna", "Liepa", "zuzanna@example.lv")
    second.expect_unsent(1)
    second.set_offline(False)
    second.expect_unsent(0)

    desk.reload()
    expect(desk.locator("#day")).to_contain_text("3 came; 4 have a place")
    assert re.findall(r"\w+", desk.locator("#entrances tbody").inner_text()) == ["B", "2", "A", "1"]
    assert desk.locator("#day dd").all_inner_texts() == ["3", "4", "1"]
    expect(desk.locator("#flags")).to_contain_text("Nothing.")
    assert sorted(desk.locator("#phones tbody th").all_inner_texts()) == ["Phone A", "Phone B"]
    came = export_who_came(desk)
    assert sorted(row["Last name"] for row in came) == ["Bērziņš", "Liepa", "Ozola"]
    assert all(row["Attended"] for row in came)
