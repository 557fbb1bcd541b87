"""Nothing is lost at the door: two phones without a network, one of which dies, and a server that does too."""

from contextlib import ExitStack

import psutil
import pytest
from django.db import transaction
from playwright.sync_api import expect

from attendance.models import CheckIn
from bench.load import HOST, server
from conference.models import Event
from registrations.models import Registration
from tests.attendance.doors import make_door
from tests.browser.conftest import find_free_port
from tests.browser.door_phones import DoorPhone
from tests.factories import build_registration, make_event, numbers
from tests.waiting import wait_for

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.proof,
    pytest.mark.slow,
    pytest.mark.xdist_group("production"),
]

PEOPLE, EACH = 900, 500
SHARED = 2 * EACH - PEOPLE
HOUR = 3600
# How far the time of a check-in can be off: as long as an answer of the server takes on a busy machine.
TOLERANCE = 5


class Site:
    """gunicorn on the tests' database, which can be killed and started again."""

    def __init__(self, env: dict[str, str]):
        self.port = find_free_port()
        self.address = f"http://{HOST}:{self.port}"
        self.env = env | {"SITE_URL": self.address}
        self.running = ExitStack()

    def start(self) -> None:
        self.pid = self.running.enter_context(server("config.wsgi:application", self.env, workers=2, port=self.port))

    def kill(self) -> None:
        gunicorn = psutil.Process(self.pid)
        for process in [gunicorn, *gunicorn.children(recursive=True)]:
            process.kill()
        self.running.close()


@pytest.fixture
def site(production):
    site = Site(production)
    site.start()
    with site.running:
        yield site


@pytest.fixture
def start_phone(browser, site, tmp_path):
    """Starts the browser of a new phone."""
    with ExitStack() as stack:

        def start_phone(**options) -> DoorPhone:
            folder = tmp_path / f"phone-{next(numbers)}"
            phone = DoorPhone(browser.browser_type, folder, site.address, **options)
            phone.start()
            stack.callback(phone.close)
            return phone

        yield start_phone


def make_people(event: Event, number: int) -> list[Registration]:
    values = {"status": Registration.Status.CONFIRMED, "confirmed_at": event.starts_at}
    people = [build_registration(event, reference=f"R{n:05}", last_name=f"Ozols {n}", **values) for n in range(number)]
    Registration.objects.bulk_create(people)
    return list(event.registrations.order_by("pk"))


def kill_while_sending(site: Site, event: Event) -> int:
    """Kill the server when it has stored some and not all of what the phones send; return how many."""

    def is_killed() -> int:
        with transaction.atomic():  # nothing more is stored while this holds the event's lock
            Event.objects.select_for_update().get(pk=event.pk)
            stored = CheckIn.objects.count()
            if stored:
                site.kill()
            return stored

    wait_for(is_killed)
    return CheckIn.objects.count()


def check_that_nothing_was_lost(event: Event, scanned: dict) -> None:
    """`scanned` has the codes that were scanned at each entrance."""
    came_in = CheckIn.objects.filter(event=event)
    assert came_in.count() == 2 * EACH
    assert set(came_in.values_list("kind", "method", "is_practice")) == {("in", "scan", False)}
    for door, codes in scanned.items():
        found = came_in.filter(door=door).values_list("registration__ticket_code", flat=True)
        assert sorted(found) == sorted(codes)
    assert came_in.filter(verdict="welcome").count() == PEOPLE
    assert came_in.filter(verdict="again").count() == came_in.flagged().count() == SHARED
    assert event.registrations.exclude(checked_in_at=None).count() == PEOPLE


def check_that_times_are_right(phone: DoorPhone, door) -> None:
    """Each is when the helper read it, whatever the phone's clock said."""
    seen = {scan.code: scan.at for scan in phone.scans if scan.word == "Welcome"}
    stored = CheckIn.objects.filter(door=door).values_list("registration__ticket_code", "happened_at", "clock_offset")
    assert max(abs(at.timestamp() - seen[code]) for code, at, _offset in stored if code in seen) < TOLERANCE
    assert {round(offset / HOUR) for _code, _at, offset in stored} == {round(-phone.ahead / HOUR)}


@pytest.mark.parametrize("is_harsh", [False, True], ids=["server-stays", "server-dies-and-a-clock-is-wrong"])
def test_nobody_is_lost_who_was_let_in_without_a_network(site, start_phone, is_harsh):
    event = make_event()
    doors = [make_door(event, name) for name in "AB"]
    codes = [person.ticket_code for person in make_people(event, PEOPLE)]
    scanned = {doors[0]: codes[:EACH], doors[1]: codes[-EACH:]}
    phones = [start_phone(), start_phone(ahead=HOUR if is_harsh else 0)]
    for phone, door in zip(phones, doors, strict=True):
        phone.pair(event, door, name=door.name)
        phone.restart(offline=True)  # as after a night; a browser keeps cookies for half a minute before it writes them
    phones[0].scan(codes[:EACH])
    phones[1].scan_until_killed(codes[-EACH:], 200)
    seen = len(phones[1].scans)
    phones[1].start(offline=True)
    kept = phones[1].count_unsent()
    assert seen <= kept <= seen + 1  # what the helper has read, and at most what was just being written
    phones[1].scan(codes[seen - EACH :])
    for phone in phones:
        phone.expect_unsent(EACH)
    assert CheckIn.objects.count() == 0
    for phone in phones:
        phone.set_offline(False)
    if is_harsh:
        assert kill_while_sending(site, event) < 2 * EACH
        site.start()
    for phone in phones:
        phone.synchronise()
        phone.expect_unsent(0)
    check_that_nothing_was_lost(event, scanned)
    for phone, door in zip(phones, doors, strict=True):
        check_that_times_are_right(phone, door)
        phone.synchronise()
        expect(phone.page.get_by_role("log").locator("li")).to_have_count(SHARED)
        expect(phone.page.locator("#state")).to_contain_text(f"came: {PEOPLE}")
