"""Pairing a phone, and the door without a script."""

from datetime import timedelta
from functools import partial

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.models import Door, DoorSettings
from attendance.operations import create_pairing
from attendance.views.door_access import DEVICE_COOKIE
from tests.pages.steps import doing, press
from tests.realistic import WHO, conference, somebody


def pair_page(open):
    event = conference()
    Door.objects.create(event=event, name="B")
    return open(reverse("attendance:pair", args=[create_pairing(event, None, None)]))


def used_code(open):
    return open(reverse("attendance:pair", args=["used"]))


def paired(event) -> dict:
    """The options of a browser that is paired with the event."""
    client = Client()
    client.post(reverse("attendance:pair", args=[create_pairing(event, None, None)]), {"name": "A"})
    cookie = {"name": DEVICE_COOKIE, "value": client.cookies[DEVICE_COOKIE].value, "domain": "localhost"}
    place = {"path": "/", "expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    return {"cookies": (cookie | place,)}


def plain(make, open):
    """The page on the morning of the event, of the person whom `make` makes."""
    event = make().event
    DoorSettings.objects.create(event=event, has_names=True, checks_out=True)
    now = timezone.now()
    type(event).objects.filter(pk=event.pk).update(starts_at=now, ends_at=now + timedelta(hours=7))
    return open(reverse("attendance:plain_door", args=[event.slug]), **paired(event))


def find_them(page) -> None:
    page.locator("[name=q]").fill(WHO["last_name"])
    press(page)


def let_in(page) -> None:
    with page.expect_navigation():
        page.locator("button[name=kind][value=in]").first.click()


def enter_nobody(page) -> None:
    with page.expect_navigation():
        page.locator("form[action*=walk-in] button").click()


start = partial(plain, somebody)

PAGES = {
    "pair": pair_page,
    "pair_again": used_code,
    "plain_door_in": doing(start, find_them, let_in),
    "plain_door_waiting": doing(partial(plain, lambda: somebody("waitlisted")), find_them),
    "plain_door_walk_in_errors": doing(start, enter_nobody),
}
