"""The check-in page on a slow phone with a long list: when it is ready, what it takes, and how soon it has a verdict.

The phone is bench.phone's: a quarter of this machine's speed, in chromium against gunicorn with DEBUG off; for the
verdicts, it has no network. A verdict is counted from Enter until it is on the screen, by when it is on the disk. Exits
with 1 when the 95th percentile is above GOAL.

    .venv/bin/python -m bench.door_page [people]
"""

import statistics
import sys

from playwright.sync_api import Page, sync_playwright

from bench.phone import CPU_SLOWDOWN, open_phone
from bench.production_site import SLUG, production_site
from bench.registrations import insert_plain_registrations
from tests.browser.chromium import CHROMIUM

PEOPLE = 10_000
SCANS = 200
GOAL = 150  # ms

# Enters the code as a person does, and returns how long it took until the verdict was painted.
SCAN = """async (code) => {
    const verdict = document.getElementById("verdict");
    const changed = new Promise(resolve => new MutationObserver((_changes, observer) => {
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(resolve));
    }).observe(verdict, {childList: true}));
    document.getElementById("code").value = code;
    const start = performance.now();
    document.getElementById("typed").requestSubmit();
    await changed;
    return [performance.now() - start, verdict.firstElementChild.className];
}"""


def main(people: int) -> int:
    with production_site() as site:
        code, codes = fill(people)
        times = try_phone(f"{site}/door/pair/{code}/", people, codes)
    median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"verdict without a network: median {median:.0f} ms, p95 {p95:.0f} ms, longest {max(times):.0f} ms")
    return 1 if p95 > GOAL else 0


def try_phone(address: str, people: int, codes: list[str]) -> list[float]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = open_phone(browser).new_page()
        pair(page, address, people)
        times = measure(page, codes)
        browser.close()
    return times


def fill(people: int) -> tuple[str, list[str]]:
    """Let so many people have registered; return a code that pairs a phone, and the codes of some tickets."""
    from attendance.operations import create_pairing
    from conference.models import Event
    from registrations.models import Registration

    event = Event.objects.get()
    insert_plain_registrations(event, people)
    return create_pairing(event, None, None), list(
        Registration.objects.order_by("?").values_list("ticket_code", flat=True)[:SCANS]
    )


def pair(page: Page, address: str, people: int) -> None:
    """Pair the slow phone, and print when it has the whole list and what came over the wire."""
    session, received = page.context.new_cdp_session(page), []
    session.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    page.goto(address)
    page.locator("[name=name]").fill("Phone")
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**/door/{SLUG}/")
    has_list = f"document.getElementById('state').textContent.includes('{people}')"
    while not page.evaluate(has_list):
        page.wait_for_timeout(20)
    ready = page.evaluate("performance.now()")
    print(f"ready with the list after {ready:.0f} ms; {sum(received) / 1024:.0f} KB in {len(received)} responses")
    print(f"on the phone: {page.evaluate('navigator.storage.estimate()')['usage'] / 1024:.0f} KB")


def measure(page: Page, codes: list[str]) -> list[float]:
    """How long each verdict takes without a network, in ms."""
    page.context.set_offline(True)
    found = [page.evaluate(SCAN, code) for code in codes]
    assert {kind for _time, kind in found} == {"verdict verdict-good"}
    return [time for time, _kind in found]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
