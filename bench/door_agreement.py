"""How soon a second phone knows whom the first one has let in, with a network.

Two phones in chromium against gunicorn with DEBUG off; counted from Enter at the first until the second would say
“already in”. Exits with 1 when it takes longer than GOAL.

    .venv/bin/python -m bench.door_agreement [rounds]
"""

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.production_site import production_site
from bench.registrations import insert_plain_registrations
from tests.browser.door_phones import DoorPhone

PEOPLE, ROUNDS = 412, 20
GOAL = 6  # seconds
# Waits until the phone's own list of check-ins has this ticket.
WAIT_FOR_CHECK_IN = """async ({event, key}) => {
    const keep = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = reject;
    });
    const database = await keep(indexedDB.open(`door-${event}`));
    const find = () => keep(database.transaction("checkIns").objectStore("checkIns").index("key").count(key));
    while (!(await find())) await new Promise((resolve) => setTimeout(resolve, 10));
    database.close();
}"""


def main(rounds: int) -> int:
    with production_site() as address, tempfile.TemporaryDirectory() as folder:
        event, pairing_codes, tickets = prepare(rounds)
        with sync_playwright() as playwright:
            phones = [DoorPhone(playwright.chromium, Path(folder, code), address) for code in pairing_codes]
            for phone, code in zip(phones, pairing_codes, strict=True):
                phone.start()
                phone.pair(f"/door/pair/{code}/", people=PEOPLE)
            times = [measure(*phones, event, *ticket) for ticket in tickets]
            for phone in phones:
                phone.close()
    print(f"known to the other phone: median {statistics.median(times):.1f} s, longest {max(times):.1f} s")
    return 1 if max(times) > GOAL else 0


def prepare(rounds: int) -> tuple[int, list[str], list[tuple[str, str]]]:
    """Let PEOPLE have registered; return the event's key, what pairs two phones, and codes and keys of tickets."""
    from attendance.operations import create_pairing
    from conference.models import Event

    event = Event.objects.get()
    insert_plain_registrations(event, PEOPLE)
    tickets = list(event.registrations.values_list("ticket_code", "ticket_key")[:rounds])
    return event.pk, [create_pairing(event, None, None) for _phone in "AB"], tickets


def measure(first: DoorPhone, second: DoorPhone, event: int, code: str, key: str) -> float:
    """How many seconds after Enter at the first phone the second one knows."""
    time.sleep(random.uniform(0, 5))  # noqa: S311 (the second phone asks every five seconds)
    start = time.perf_counter()
    first.enter(code)
    first.expect_verdict("Welcome")
    second.page.evaluate(WAIT_FOR_CHECK_IN, {"event": event, "key": key})
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
