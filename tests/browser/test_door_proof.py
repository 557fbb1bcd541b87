"""Nothing is lost at the door: two phones without a network, one of which dies, and a server that does too."""

from collections import Counter

import pytest
from django.db import transaction
from playwright.sync_api import expect

from attendance.models import CheckIn, DoorSettings
from attendance.operations import create_pairing
from conference.models import Event
from registrations.models import Registration
from tests.attendance.doors import make_door
from tests.browser.camera_film import list_camera_arguments, write_film
from tests.browser.door_phones import DoorPhone
from tests.browser.gunicorn_site import GunicornSite
from tests.factories import build_registration, make_event, make_question, make_registration
from tests.waiting import wait_for

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.proof,
    pytest.mark.slow,
    pytest.mark.xdist_group("production"),
]

PEOPLE, EACH = 900, 500
SHARED = 2 * EACH - PEOPLE
# How many come by the camera, and as many by hand; and after how many a browser is killed.
FILMED, DIES_AFTER = 3, 200
HOUR = 3600
# How far the time of a check-in can be off: as long as an answer of the server takes on a busy machine.
TOLERANCE = 5


@pytest.fixture
def site(production):
    site = GunicornSite(production)
    site.start()
    yield site
    site.stop()


def make_people(event: Event, number: int) -> list[Registration]:
    values = {"status": Registration.Status.CONFIRMED, "confirmed_at": event.starts_at}
    people = [build_registration(event, reference=f"R{n:05}", last_name=f"Ozols {n}", **values) for n in range(number)]
    Registration.objects.bulk_create(people)
    return list(event.registrations.order_by("pk"))


def kill_while_sending(site: GunicornSite, event: Event) -> int:
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
    ways = Counter(came_in.values_list("kind", "method", "is_practice"))
    assert ways == {("in", "scan", False): 2 * EACH - FILMED, ("in", "by_hand", False): FILMED}
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


def let_in_by_all_ways(phone: DoorPhone, codes: list[str]) -> None:
    """A few by the camera, whose film has them, a few by hand, and the others by a scanner."""
    phone.start_camera()
    phone.expect_unsent(FILMED)
    phone.stop_camera()
    for number, code in enumerate(codes[FILMED : 2 * FILMED], FILMED + 1):
        phone.enter(code)
        phone.expect_unsent(number)
    phone.scan(codes[2 * FILMED :])


def let_in_and_die(phone: DoorPhone, codes: list[str]) -> None:
    """The browser is killed in between; what the helper has read on its screen is there when it starts again."""
    phone.scan_until_killed(codes, DIES_AFTER)
    phone.start(offline=True)
    assert DIES_AFTER <= phone.count_unsent() <= DIES_AFTER + 1  # which was just being written
    phone.scan(codes[DIES_AFTER:])


@pytest.mark.parametrize("is_harsh", [False, True], ids=["server-stays", "server-dies-and-clocks-are-wrong"])
def test_nobody_is_lost_who_was_let_in_without_a_network(site, start_phone, tmp_path, is_harsh):
    event = make_event()
    doors = [make_door(event, name) for name in "AB"]
    codes = [person.ticket_code for person in make_people(event, PEOPLE)]
    scanned = {doors[0]: codes[:EACH], doors[1]: codes[-EACH:]}
    film = write_film(tmp_path / "film.y4m", [f"{site.address}/D/{code}".upper() for code in codes[:FILMED]])
    phones = [start_phone(site.address, ahead=by * HOUR * is_harsh) for by in (-1, 1)]
    for phone, door in zip(phones, doors, strict=True):
        phone.pair(f"/door/pair/{create_pairing(event, door, None)}/", people=PEOPLE, name=door.name)
        # As after a night: only after half a minute does a browser write what it is paired with.
        phone.restart(offline=True, arguments=list_camera_arguments(film))
    let_in_by_all_ways(phones[0], scanned[doors[0]])
    let_in_and_die(phones[1], scanned[doors[1]])
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


@pytest.mark.parametrize("has_names", [False, True])
def test_the_files_of_a_phone_hold_nobodys_name_address_needs_or_ticket(start_phone, live_server, has_names):
    """Whatever the browser writes, also outside of what the page's scripts can read."""
    event = make_event()
    DoorSettings.objects.create(event=event, has_names=has_names)
    make_question(event, "diet", is_about_needs=True)
    answers = {"diet": "Celiakija, bez glutena"}
    values = {"first_name": "Annija", "last_name": "Vītoliņa", "organisation": "Gaismas pils"}
    person = make_registration(event, email="annija@example.lv", answers=answers, **values)
    person.refresh_from_db()
    phone = start_phone(live_server.url)
    phone.pair(f"/door/pair/{create_pairing(event, None, None)}/", people=1)
    phone.set_offline(True)
    phone.enter(person.ticket_code.lower())
    phone.expect_verdict("Welcome", "Annija Vītoliņa")
    phone.scan([person.ticket_code])
    phone.expect_verdict("Already in", "Annija Vītoliņa")
    if has_names:
        phone.search("vitol")
    phone.let_walk_in("Zuzanna", "Liepa", "zuzanna@example.lv")
    phone.expect_unsent(2)
    phone.set_offline(False)
    phone.expect_unsent(0)
    phone.close()
    files = [path.read_bytes().lower() for path in phone.folder.rglob("*") if path.is_file()]
    assert find_in(files, person.ticket_key, event.slug) == {person.ticket_key, event.slug}
    secrets = {person.ticket_code, person.reference, "annija", "vītoliņ", "vitolin", "gaismas pils", "celiakij"}
    assert find_in(files, *secrets, "zuzanna", "liepa", "@example.lv") == set()


def find_in(files: list[bytes], *texts: str) -> set[str]:
    """Which of these texts are in the files, in lower case and in any of the ways in which a browser writes letters."""

    def write(text: str) -> list[bytes]:
        return [text.lower().encode(encoding, errors="replace") for encoding in ("utf-8", "utf-16-le", "latin-1")]

    return {text for text in texts if any(form in content for form in write(text) for content in files)}
