"""A visit and a second one on a slow phone: what goes over the wire, and when the page is there.

The phone is Lighthouse's: a quarter of this machine's speed, slow 4G (1.6 Mbit/s down, 0.75 up, 150 ms a round trip),
in chromium against gunicorn with DEBUG off. Exits with 1 when the event page is later than LCP_GOAL or shifts.

    .venv/bin/python -m bench.phone
"""

import statistics
import sys
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.production_site import SLUG, production_site
from tests.browser.chromium import CHROMIUM

# Milliseconds until the largest thing on the screen is painted.
LCP_GOAL = 1000
ROUNDS = 5

SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
CPU_SLOWDOWN = 4

OBSERVE_PAINT = """
    window.seen = {paint: 0, shift: 0};
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) seen.paint = entry.startTime;
    }).observe({type: "largest-contentful-paint", buffered: true});
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) seen.shift += entry.value;
    }).observe({type: "layout-shift", buffered: true});
"""


class Visit(NamedTuple):
    """What came over the wire, headers included, in bytes by path; the largest contentful paint in ms; the shift."""

    received: dict[str, int]
    paint: float
    shift: float

    @property
    def size(self) -> int:
        return sum(self.received.values())


def visit(context: BrowserContext, url: str, *, slow: bool = False) -> Visit:
    """Open the page in a new tab of this browser, whose cache is the context's, and wait until nothing more comes."""
    page = context.new_page()
    page.add_init_script(OBSERVE_PAINT)
    session, paths, received = context.new_cdp_session(page), {}, {}
    session.on("Network.requestWillBeSent", lambda sent: paths.update({sent["requestId"]: sent["request"]["url"]}))

    def finished(event: dict) -> None:
        if event["encodedDataLength"]:  # else it came from the browser's own cache
            received[urlsplit(paths[event["requestId"]]).path] = int(event["encodedDataLength"])

    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    if slow:
        session.send("Network.emulateNetworkConditions", SLOW_4G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    page.goto(url, wait_until="networkidle")
    seen = page.evaluate("seen")
    page.close()
    return Visit(received, seen["paint"], seen["shift"])


def open_phone(browser: Browser) -> BrowserContext:
    """A browser of its own, with an empty cache, that reads Latvian."""
    size = {"width": 412, "height": 823}
    return browser.new_context(viewport=size, device_scale_factor=1.75, is_mobile=True, has_touch=True, locale="lv-LV")


def main() -> int:
    with production_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        failed = False
        for path in (f"/lv/{SLUG}/", f"/en/{SLUG}/", f"/lv/{SLUG}/register/"):
            visits = [visit_twice(browser, site + path) for _round in range(ROUNDS)]
            failed |= report(path, [first for first, _second in visits], visits[0][1])
        browser.close()
    return 1 if failed else 0


def visit_twice(browser: Browser, url: str) -> tuple[Visit, Visit]:
    context = open_phone(browser)
    try:
        return visit(context, url, slow=True), visit(context, url, slow=True)
    finally:
        context.close()


def report(path: str, firsts: list[Visit], second: Visit) -> bool:
    """Print the figures, of several first visits the median; whether they miss the goal."""
    first, paint = firsts[0], statistics.median(one.paint for one in firsts)
    shift = max(one.shift for one in firsts)
    print(f"{path}: painted after {paint:.0f} ms, shift {shift:.3f}")
    print(f"  first visit   {first.size / 1024:6.1f} KB in {len(first.received)} requests")
    for name, size in first.received.items():
        print(f"    {size:>8} {name}")
    print(f"  second visit  {second.size / 1024:6.1f} KB in {len(second.received)} requests {list(second.received)}")
    return paint >= LCP_GOAL or shift > 0


if __name__ == "__main__":
    sys.exit(main())
