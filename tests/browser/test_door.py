"""The check-in page on two phones: with a network and without, and what lies on them."""

import io
import re
from datetime import timedelta

import pytest
import segno
from django.utils import timezone
from playwright.sync_api import expect

from attendance.models import CheckIn, DoorDevice, DoorSettings
from attendance.models.door_device import get_expiry
from attendance.operations import create_pairing, revoke
from conference.models import Event
from registrations.models import Registration
from registrations.permissions import HELPERS
from tests.attendance.doors import make_door
from tests.browser.camera_film import open_camera_browser, write_film
from tests.factories import make_event, make_registration, make_user
from tests.pages.door import settle
from tests.pages.steps import logged_in
from tests.waiting import TIMEOUT, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

# Everything that the page's origin keeps in IndexedDB and caches, as text; buffers as the letters of their bytes.
DUMP = """async () => {
    const kept = [];
    const write = (_key, value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
        ? String.fromCharCode(...new Uint8Array(value.buffer ?? value)) : value;
    const wait = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = reject;
    });
    for (const { name } of await indexedDB.databases()) {
        const database = await wait(indexedDB.open(name));
        for (const store of database.objectStoreNames) {
            const rows = await wait(database.transaction(store).objectStore(store).getAll());
            kept.push(`${name} ${store} ${JSON.stringify(rows, write)}`);
        }
        database.close();
    }
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            kept.push(`${request.url} ${await (await cache.match(request)).text()}`);
        }
    }
    return kept.concat(JSON.stringify({ ...localStorage, ...sessionStorage }));
}"""

# Leaves of two events that are over what a phone keeps; of the second one, there is something to be sent.
LEAVE = """async () => {
    const { src } = document.querySelector("script[src*='door/page']");
    const { Database } = await import(src.replace("page", "database"));
    for (const [event, queue] of [["0", []], ["1", [{ id: "1" }]]]) {
        const database = await Database.open(event);
        await database.write(["settings", "queue"], async (writer) => {
            writer.put("settings", { event: { expires_at: "2000-01-01T00:00:00Z" } }, "state");
            for (const record of queue) writer.add("queue", record);
        });
        database.close();
    }
}"""

IS_KEPT = "navigator.serviceWorker.controller !== null"


@pytest.fixture
def phones(contexts):
    """Opens pages in new contexts; at the end, no request of theirs is left on the way."""
    pages = []

    def open_phone(**options):
        page = contexts.new_page(**{"locale": "en-LV", **options})
        page.set_viewport_size({"width": 360, "height": 740})
        pages.append(page)
        return page

    yield open_phone
    for page in pages:
        page.context.set_offline(False)
        settle(page)
    contexts.take_back()


@pytest.fixture
def pair(phones):
    """Pairs a new phone with an event, and returns its page, which has the list."""

    def pair(event, *, name="Phone", door=None):
        page = phones()
        page.goto(f"/door/pair/{create_pairing(event, door, None)}/")
        page.locator("[name=name]").fill(name)
        page.locator("main form button[type=submit]").click()
        expect(page.locator("#state")).to_contain_text(re.compile(r": \d"))
        return page

    return pair


def enter(page, code: str) -> None:
    page.locator("#code").fill(code)
    page.locator("#typed button").click()


def expect_verdict(page, word: str, name: str = "") -> None:
    expect(page.locator("#verdict")).to_contain_text(word)
    expect(page.locator("#verdict")).to_contain_text(name)


def expect_unsent(page, number: int) -> None:
    expect(page.locator("#state")).to_contain_text(f"to send: {number}")


def make_person(event, **values) -> Registration:
    person = make_registration(event, **values)
    person.refresh_from_db()
    return person


def test_somebody_is_checked_in_and_taken_back(pair):
    event = make_event()
    person = make_person(event, first_name="Anna", last_name="Ozola")
    page = pair(event, door=make_door(event, "B"))
    enter(page, f"https://example.org/d/{person.ticket_code.lower()}")
    expect_verdict(page, "Welcome", "Anna Ozola")
    wait_for(lambda: CheckIn.objects.filter(registration=person, verdict="welcome", door__name="B").exists())
    enter(page, person.ticket_code)
    expect_verdict(page, "Already in", "entrance: B")
    enter(page, "0" * 20)
    expect_verdict(page, "Unknown ticket")
    enter(page, "http://example.org/")
    expect_verdict(page, "Not a ticket")
    enter(page, person.reference)
    page.get_by_role("button", name="Look it up on the site").click()
    expect(page.get_by_role("heading", name="Anna Ozola")).to_be_visible()
    page.get_by_role("link", name="Check in with the camera").click()
    enter(page, person.ticket_code)
    page.get_by_role("button", name="Let in again").click()
    expect_verdict(page, "Let in", "Anna Ozola")
    page.get_by_role("button", name="Undo").click()
    expect_verdict(page, "Undone", "Anna Ozola")
    wait_for(lambda: CheckIn.objects.filter(kind="undo").exists())
    assert CheckIn.objects.valid().count() == 1
    assert CheckIn.objects.filter(kind="in").count() == 2
    # No verdict stays on the screen when the next one cannot be kept.
    page.evaluate("() => { IDBObjectStore.prototype.index = () => { throw new Error('The disk is broken.') } }")
    enter(page, person.ticket_code)
    expect(page.locator("#verdict")).to_be_empty()


def test_a_helper_lets_somebody_in_with_a_reason(pair):
    event = make_event()
    people = {status: make_person(event, status=status) for status in ("waitlisted", "cancelled", "pending")}
    page = pair(event)
    for status, word in (("waitlisted", "Waiting list"), ("cancelled", "Cancelled"), ("pending", "Not confirmed yet")):
        enter(page, people[status].ticket_code)
        expect_verdict(page, word)
    expect_unsent(page, 0)
    assert CheckIn.objects.count() == 0
    page.get_by_role("button", name="Let in all the same").click()
    assert page.get_by_label("Why?").evaluate("field => field.validity.valueMissing")
    page.get_by_label("Why?").fill("The director said so")
    page.get_by_role("button", name="Let in all the same").click()
    expect_verdict(page, "Let in")
    wait_for(lambda: CheckIn.objects.filter(verdict="pending", reason="The director said so").exists())


def test_a_scanner_that_types_is_read_wherever_the_focus_is(pair):
    event = make_event()
    person = make_person(event)
    page = pair(event)
    page.locator("#walk-in summary").focus()
    page.keyboard.type(f"HTTPS://EXAMPLE.ORG/D/{person.ticket_code}")
    page.keyboard.press("Enter")
    expect_verdict(page, "Welcome")
    assert page.locator("#walk-in").get_attribute("open") is None


def test_without_a_network_nothing_is_lost_and_all_is_sent_once(pair):
    event = make_event()
    people = [make_person(event) for _number in range(2)]
    page = pair(event)
    wait_for(lambda: page.evaluate(IS_KEPT))
    page.context.set_offline(True)
    for person in people:
        enter(page, person.ticket_code)
        expect_verdict(page, "Welcome", person.last_name)
    page.locator("#walk-in summary").click()
    for label, value in (("First name", "Zuzanna"), ("Last name", "Liepa"), ("E-mail", "zuzanna@example.lv")):
        page.get_by_label(label).fill(value)
    page.get_by_label("They have agreed").check()
    page.locator("#walk-in-form button").click()
    expect_verdict(page, "Let in", "Zuzanna Liepa")
    expect_unsent(page, 3)
    dump = "\n".join(page.evaluate(DUMP))
    assert "walk_in" in dump
    assert [secret for secret in ("Zuzanna", "Liepa", "zuzanna@") if secret in dump] == []
    page.reload()
    expect_unsent(page, 3)
    enter(page, people[0].ticket_code)
    expect_verdict(page, "Already in", people[0].last_name)
    assert CheckIn.objects.count() == 0
    page.context.set_offline(False)
    expect_unsent(page, 0)
    assert sorted(CheckIn.objects.values_list("registration__last_name", "method", "verdict")) == sorted(
        [(person.last_name, "by_hand", "welcome") for person in people] + [("Liepa", "walk_in", "welcome")]
    )
    assert Registration.objects.filter(checked_in_at=None).count() == 0


@pytest.mark.parametrize(
    ("is_allowed", "asked", "reason"),
    [(True, "Let in beyond the places", ""), (False, "Why they are let in", "Speaker")],
)
def test_without_a_place_left_a_walk_in_needs_a_tick_or_a_reason_and_gets_a_badge(pair, is_allowed, asked, reason):
    event = make_event(capacity=1)
    make_person(event)
    DoorSettings.objects.create(event=event, exceeds_capacity=is_allowed)
    page = pair(event)
    page.locator("#walk-in summary").click()
    expect(page.get_by_text("No place is left.")).to_be_visible()
    for label, value in (("First name", "Zuzanna"), ("Last name", "Liepa")):
        page.get_by_label(label).fill(value)
    page.get_by_label("They have agreed").check()
    page.locator("#walk-in-form button").click()
    assert page.locator("#verdict").inner_text() == ""
    (page.get_by_label(asked).check() if is_allowed else page.get_by_label(asked).fill(reason))
    page.locator("#walk-in-form button").click()
    expect_verdict(page, "Let in", "Zuzanna Liepa")
    wait_for(CheckIn.objects.exists)
    check_in = CheckIn.objects.get()
    assert (check_in.verdict, check_in.reason) == ("over_capacity", reason)
    address = page.get_by_role("link", name="Print badge").get_attribute("href")
    badge = page.request.get(address)
    assert (badge.status, badge.headers["content-type"]) == (200, "application/pdf")


def test_two_phones_that_let_in_the_same_person_are_both_told(pair):
    event = make_event()
    person = make_person(event, first_name="Anna", last_name="Ozola")
    both = [pair(event, name=name, door=make_door(event, name)) for name in ("A", "B")]
    for page in both:
        page.context.set_offline(True)
        enter(page, person.ticket_code)
        expect_verdict(page, "Welcome", "Anna Ozola")
    for page in both:
        page.context.set_offline(False)
        expect_unsent(page, 0)
    both[0].evaluate("dispatchEvent(new Event('online'))")  # instead of waiting for the next contact
    for page, other in zip(both, "BA", strict=True):
        expect(page.get_by_role("log")).to_contain_text(f"({other}). This counts once.")
        expect(page.get_by_role("log")).to_contain_text("Anna Ozola")
        expect(page.get_by_role("log").locator("li")).to_have_count(1)
    assert list(CheckIn.objects.order_by("received_at").values_list("verdict", flat=True)) == ["welcome", "again"]
    assert Registration.objects.exclude(checked_in_at=None).count() == 1


@pytest.mark.parametrize("has_names", [False, True])
def test_a_phone_holds_no_e_mail_no_code_and_no_name_to_be_read(pair, has_names):
    event = make_event()
    DoorSettings.objects.create(event=event, has_names=has_names)
    person = make_person(event, first_name="Annija", last_name="Vītoliņa", email="annija@example.lv")
    page = pair(event)
    enter(page, person.ticket_code)
    expect_verdict(page, "Welcome", "Annija Vītoliņa")
    if has_names:
        page.locator("#search summary").click()
        page.set_viewport_size({"width": 360, "height": 300})
        page.get_by_label("Name or organisation").fill("vitol ann")
        page.get_by_role("button", name="Annija Vītoliņa").click()
        expect_verdict(page, "Already in", "Annija Vītoliņa")
        expect(page.locator("#verdict .verdict-word")).to_be_in_viewport()
        expect(page.get_by_label("Name or organisation")).to_have_value("")
    expect_unsent(page, 0)
    assert page.locator("#search").is_visible() == has_names
    wait_for(lambda: page.evaluate(IS_KEPT))
    dump = "\n".join(page.evaluate(DUMP))
    assert person.ticket_key in dump
    secrets = [person.ticket_code, "Annija", "Vītol", "Vītol".encode().decode("latin-1"), "annija@", person.reference]
    assert [secret for secret in secrets if secret.lower() in dump.lower()] == []


def test_a_phone_that_is_locked_out_erases_everything(pair):
    event = make_event()
    person = make_person(event)
    page = pair(event)
    wait_for(lambda: page.evaluate(IS_KEPT))
    assert person.ticket_key in "\n".join(page.evaluate(DUMP))
    assert revoke(DoorDevice.objects.get())
    enter(page, person.ticket_code)
    expect(page.locator("#stopped")).to_contain_text("locked out")
    assert not page.locator("#door").is_visible()
    wait_for(lambda: page.evaluate(DUMP) == ["{}"])
    assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []
    assert page.evaluate("indexedDB.databases()") == []
    assert CheckIn.objects.count() == 0


def test_whoever_may_no_longer_ask_keeps_no_names_and_what_is_to_be_sent(pair):
    event = make_event()
    DoorSettings.objects.create(event=event, has_names=True)
    person = make_person(event)
    page = pair(event)
    expect(page.locator("#search")).to_be_visible()
    assert '"sealed":' in "\n".join(page.evaluate(DUMP))
    DoorDevice.objects.all().delete()
    enter(page, person.ticket_code)
    expect_verdict(page, "Welcome", person.last_name)
    expect(page.locator("#trouble")).to_contain_text("may not check people in")
    expect(page.locator("#search")).to_be_hidden()
    assert '"sealed":' not in "\n".join(page.evaluate(DUMP))
    expect_unsent(page, 1)
    page.reload()
    expect_unsent(page, 1)
    expect(page.locator("#search")).to_be_hidden()


@pytest.mark.proof
def test_what_is_left_of_events_that_are_over_is_erased_unless_it_is_to_be_sent(pair):
    event = make_event()
    page = pair(event)
    page.evaluate(LEAVE)
    page.reload()
    names = "indexedDB.databases().then((all) => all.map((one) => one.name).sort())"
    wait_for(lambda: page.evaluate(names) == sorted(["door-1", f"door-{event.pk}"]))


@pytest.mark.proof
def test_a_ticket_newer_than_the_list_is_read_again_while_its_person_stands_there(pair):
    event = make_event()
    page = pair(event)
    for number, word in ((1, "Welcome"), (2, "Unknown ticket")):
        page.context.set_offline(True)
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("#trouble")).to_contain_text("No connection")  # what was under way has ended
        person = make_person(event)
        enter(page, person.ticket_code)
        expect_verdict(page, "Unknown ticket")
        if word == "Unknown ticket":
            page.evaluate("() => { const now = performance.now() + 60_000; performance.now = () => now }")
        page.context.set_offline(False)
        expect(page.locator("#state")).to_contain_text(f"people: {number} ")
        expect_verdict(page, word)
    expect_unsent(page, 0)
    assert CheckIn.objects.count() == 1


@pytest.mark.proof
def test_a_new_version_of_the_site_loses_nothing(pair, monkeypatch):
    event = make_event()
    people = [make_person(event) for _number in range(2)]
    page = pair(event)
    wait_for(lambda: page.evaluate(IS_KEPT))
    page.context.set_offline(True)
    enter(page, people[0].ticket_code)
    expect_verdict(page, "Welcome")
    monkeypatch.setattr("attendance.views.door_page.remember_hash", lambda _names: "newer")
    page.context.set_offline(False)
    page.evaluate("navigator.serviceWorker.getRegistration().then(one => one.update())")
    expect(page.locator("#newer")).to_be_visible()
    wait_for(lambda: page.evaluate("caches.keys()") == ["door-newer"])
    expect_unsent(page, 0)
    page.context.set_offline(True)
    page.locator("#reload").click()
    enter(page, people[1].ticket_code)
    expect_verdict(page, "Welcome", people[1].last_name)
    page.context.set_offline(False)
    expect_unsent(page, 0)
    assert CheckIn.objects.filter(verdict="welcome").count() == 2


def test_a_helper_with_an_account_needs_no_paired_phone(phones):
    event = make_event()
    person = make_person(event)
    user = make_user(HELPERS)
    page = phones(**logged_in(user))
    page.goto("/door/")
    page.get_by_role("main").get_by_role("link").click()
    expect(page.locator("#state")).to_contain_text(": 1")
    enter(page, person.ticket_code)
    expect_verdict(page, "Welcome", person.last_name)
    wait_for(lambda: CheckIn.objects.filter(user=user, registration=person).exists())


def test_a_phone_that_is_not_paired_gets_no_list(phones):
    event = make_event()
    person = make_person(event)
    page = phones()
    page.goto(f"/door/{event.slug}/")
    expect(page.locator("#trouble")).to_contain_text("may not check people in")
    enter(page, person.ticket_code)
    expect_verdict(page, "No list yet")
    assert person.ticket_key not in "\n".join(page.evaluate(DUMP))
    assert page.locator("#verdict button").count() == 0


@pytest.mark.proof
def test_on_the_day_after_a_phone_erases_everything_even_without_a_network(pair):
    event = make_event()
    page = pair(event)
    wait_for(lambda: page.evaluate(IS_KEPT))
    page.context.set_offline(True)
    address = page.url
    for later, is_shown in ((timedelta(minutes=-5), True), (timedelta(minutes=5), False)):
        page.goto("about:blank")
        page.clock.set_system_time(get_expiry(event) + later)
        page.goto(address)
        expect(page.locator("#door")).to_be_visible(visible=is_shown)
    expect(page.locator("#stopped")).to_contain_text("its time is over")
    wait_for(lambda: page.evaluate(DUMP) == ["{}"])


@pytest.mark.proof
def test_what_was_not_sent_when_the_time_was_over_is_sent_before_everything_is_erased(pair):
    event = make_event()
    people = [make_person(event) for _number in range(3)]
    page = pair(event)
    wait_for(lambda: page.evaluate(IS_KEPT))
    page.context.set_offline(True)
    for person in people:
        enter(page, person.ticket_code)
        expect_verdict(page, "Welcome")
    Event.objects.update(starts_at=timezone.now() - timedelta(days=4), ends_at=timezone.now() - timedelta(days=3))
    page.context.set_offline(False)
    expect(page.locator("#stopped")).to_contain_text("its time is over")
    assert CheckIn.objects.count() == 3
    wait_for(lambda: page.evaluate(DUMP) == ["{}"])


@pytest.mark.proof
def test_the_camera_and_photos_are_read_and_a_refused_camera_stops_nothing(pair, browser, live_server, tmp_path):
    event = make_event()
    people = [make_person(event, last_name=name) for name in ("Ozola", "Liepa")]
    addresses = [f"HTTPS://EXAMPLE.ORG/D/{person.ticket_code}" for person in people]
    film = write_film(tmp_path / "codes.y4m", [addresses[0], ""], size=(320, 240), frames_each=3)
    photo = io.BytesIO()
    segno.make(addresses[1], error="m").save(photo, kind="png", scale=8)
    page = pair(event)
    page.get_by_role("button", name="Scan with the camera").click()
    expect(page.locator("#camera-problem")).to_contain_text("nter the code")
    expect(page.get_by_role("button", name="Scan with the camera")).to_be_visible()
    page.set_input_files("#photo", {"name": "code.png", "mimeType": "image/png", "buffer": photo.getvalue()})
    expect_verdict(page, "Welcome", "Liepa")
    with open_camera_browser(browser, film) as one:
        context = one.new_context(base_url=live_server.url, locale="en-LV", storage_state=page.context.storage_state())
        context.set_default_timeout(TIMEOUT * 1000)
        phone = context.new_page()
        phone.goto(page.url)
        expect(phone.locator("#state")).to_contain_text(re.compile(r": \d"))
        if not phone.locator("#camera").is_visible():  # it starts by itself where it is allowed
            phone.get_by_role("button", name="Scan with the camera").click()
        expect_verdict(phone, "Welcome", "Ozola")
        phone.get_by_role("button", name="Stop the camera").click()
        expect(phone.get_by_role("button", name="Scan with the camera")).to_be_visible()
        wait_for(lambda: CheckIn.objects.filter(method="scan").count() == 2)
        settle(phone)
