"""The check-in page on a paired phone, and where it is found."""

import re
from functools import partial

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from attendance.models import CheckIn, Door, DoorDevice, DoorSettings
from attendance.models.door_device import generate_token, get_expiry, hash_token
from attendance.views.door_access import DEVICE_COOKIE
from conference.models import Event
from registrations.models import Registration
from tests.pages.steps import Open, by_organiser, doing
from tests.realistic import WHO, conference, somebody
from tests.waiting import wait_for

# Waits for what is on the way to the server, and lets nothing more go there.
HOLD = """() => new Promise((resolve) => {
    const door = document.getElementById("door");
    const hold = () => { resolve(); return new Promise(() => {}); };
    if (door) navigator.locks.request(`door ${door.dataset.sync}`, hold);
    else resolve();
})"""


def settle(page) -> None:
    """Let the page no longer synchronise: nobody may be in the database when a test ends."""
    page.evaluate(HOLD)


def paired_with(event: Event) -> dict:
    """The options of a browser on a phone that is paired with the event."""
    token = generate_token()
    DoorDevice.objects.create(
        event=event, name="Annas tālrunis", token_hash=hash_token(token), expires_at=get_expiry(event)
    )
    cookie = {"name": DEVICE_COOKIE, "value": token, "domain": "localhost", "path": "/", "expires": -1}
    return {"cookies": ({**cookie, "httpOnly": True, "secure": False, "sameSite": "Lax"},)}


def prepare(status: str = "confirmed", **choices: bool) -> Event:
    event = somebody(status).event
    DoorSettings.objects.create(event=event, **choices)
    for name in ("Galvenā ieeja", "Pagalms"):
        Door.objects.create(event=event, name=name)
    return event


def at_door(open: Open, status: str = "confirmed", **choices: bool):
    """The page of a phone that has the list."""
    event = prepare(status, **choices)
    page = open(reverse("attendance:door", args=[event.slug]), **paired_with(event))
    expect(page.locator("#state")).to_contain_text(re.compile(": [1-9]"))
    return page


def at_door_after(open: Open, status: str):
    """The page after the ticket of somebody with this status has been read."""
    page = at_door(open, status)
    enter(page, find_person().ticket_code)
    return page


def find_person() -> Registration:
    return Registration.objects.get(first_name=WHO["first_name"])


def enter(page, text: str) -> None:
    page.locator("#code").fill(text)
    page.locator("#typed button").click()
    expect(page.locator("#verdict .verdict")).to_be_visible()


def read_twice(page) -> None:
    code = find_person().ticket_code
    enter(page, code)
    enter(page, code)
    expect(page.locator("#verdict form")).to_be_visible()


def search(page) -> None:
    page.locator("#search summary").click()
    page.locator("#name").fill("dzelz")
    expect(page.locator("#found button")).to_be_visible()


def open_walk_in(page) -> None:
    page.locator("#walk-in summary").click()


def let_in_elsewhere(page) -> None:
    """Another phone lets in the same person."""
    person = find_person()
    enter(page, person.ticket_code)
    wait_for(CheckIn.objects.exists)
    values = {"event": person.event, "registration": person, "method": "scan", "happened_at": timezone.now()}
    CheckIn.objects.create(kind="in", ticket_key=person.ticket_key, door=Door.objects.first(), **values)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#log li")).to_be_visible()


def start(open: Open):
    conference()
    return open(reverse("attendance:door_start"))


STATES = {
    "door": partial(at_door, checks_out=True, is_practice=True),
    "door_search": doing(partial(at_door, has_names=True), search, open_walk_in),
    "door_already_in": doing(at_door, read_twice),
    "door_told_of_another_phone": doing(at_door, let_in_elsewhere),
    "door_unknown_ticket": doing(at_door, partial(enter, text="0" * 20)),
    "door_cancelled": partial(at_door_after, status="cancelled"),
}
PAGES = {
    "door_start": start,
    "door_start_user": by_organiser(start),
    **{name: doing(entry, settle) for name, entry in STATES.items()},
}
