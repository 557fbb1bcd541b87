"""Phones at the door: real browsers with a folder of their own, which can be killed and started again."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil
from playwright.sync_api import BrowserType, Error, Page, expect

from tests.browser.chromium import CHROMIUM
from tests.waiting import TIMEOUT, wait_for

# Feeds the page with codes as a scanner types them, one after another as soon as the page has said what it says, and
# tells the test of each at once. What the clock of the page says is not asked.
SCAN = """async (codes) => {
    const verdict = document.getElementById("verdict");
    const type = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    for (const code of codes) {
        const shown = new Promise((resolve) => new MutationObserver(resolve).observe(verdict, { childList: true }));
        for (const letter of `${location.origin}/D/${code}`.toUpperCase()) type(letter);
        type("Enter");
        await shown;
        const word = verdict.querySelector(".verdict-word").lastChild.textContent.trim();
        await window.tellScan(code, word, (performance.timeOrigin + performance.now()) / 1000);
    }
}"""
# Lets the page's clock be wrong, as that of a phone which somebody has set by hand.
WRONG_CLOCK = """{
    const RightDate = Date;
    globalThis.Date = class extends RightDate {
        constructor(...when) { when.length ? super(...when) : super(RightDate.now() + %(ms)d); }
        static now() { return RightDate.now() + %(ms)d; }
    };
}"""
IS_KEPT = "navigator.serviceWorker.controller !== null"


class Scan(NamedTuple):
    """What the helper has read on the screen, and when by a right clock."""

    code: str
    word: str
    at: float


class DoorPhone:
    """A phone with a browser, whose clock is `ahead` seconds ahead."""

    def __init__(self, browser_type: BrowserType, folder: Path, base_url: str, *, ahead: int = 0):
        self.browser_type, self.folder, self.base_url, self.ahead = browser_type, folder, base_url, ahead
        self.address, self.scans = "", []
        self.on_scan: Callable[[Scan], None] = lambda scan: None

    def start(self, *, offline: bool = False, arguments: tuple[str, ...] = ()) -> Page:
        self.context = self.browser_type.launch_persistent_context(
            self.folder,
            executable_path=CHROMIUM,
            base_url=self.base_url,
            offline=offline,
            locale="en-LV",
            viewport={"width": 360, "height": 740},
            args=["--disable-background-networking", "--disable-component-update", *arguments],
        )
        self.context.set_default_timeout(TIMEOUT * 1000)
        self.context.expose_function("tellScan", self.take)
        if self.ahead:
            self.context.add_init_script(WRONG_CLOCK % {"ms": self.ahead * 1000})
        self.page = self.context.pages[0]
        if self.address:
            self.page.goto(self.address)
        return self.page

    def pair(self, address: str, *, people: int, name: str = "Phone") -> None:
        """Open what the organiser shows, and wait until the phone can do without a network."""
        self.page.goto(address)
        self.page.locator("[name=name]").fill(name)
        self.page.locator("main form button[type=submit]").click()
        expect(self.page.locator("#state")).to_contain_text(f"people: {people}")
        wait_for(lambda: self.page.evaluate(IS_KEPT))
        self.address = self.page.url

    def enter(self, code: str) -> None:
        """Enter the code by hand."""
        self.page.locator("#code").fill(code)
        self.page.locator("#typed button").click()

    def expect_verdict(self, word: str, name: str = "") -> None:
        expect(self.page.locator("#verdict")).to_contain_text(word)
        expect(self.page.locator("#verdict")).to_contain_text(name)

    def search(self, name: str) -> None:
        """Search by name, and let in who is found first."""
        self.page.locator("#search summary").click()
        self.page.locator("#name").fill(name)
        self.page.locator("#found button").first.click()

    def let_walk_in(self, first_name: str, last_name: str, email: str) -> None:
        self.page.locator("#walk-in summary").click()
        for name, value in (("first_name", first_name), ("last_name", last_name), ("email", email)):
            self.page.locator(f"#walk-in-form [name={name}]").fill(value)
        self.page.locator("#consent").check()
        self.page.locator("#walk-in-form button").click()
        self.expect_verdict("Let in", f"{first_name} {last_name}")

    def start_camera(self) -> None:
        """Start the camera, unless it has started by itself, as it does where it has been allowed for good."""
        self.page.locator("#camera-start:visible, #camera:visible").first.wait_for()
        if self.page.locator("#camera-start").is_visible():
            self.page.locator("#camera-start").click()

    def stop_camera(self) -> None:
        self.page.locator("#camera-stop").click()

    def scan(self, codes) -> None:
        """Scan these tickets; `scans` has what the helper has read."""
        self.page.evaluate(SCAN, list(codes))

    def take(self, code: str, word: str, at: float) -> None:
        self.scans.append(Scan(code, word, at))
        self.on_scan(self.scans[-1])

    def scan_until_killed(self, codes, number: int) -> None:
        """Scan these tickets; after so many of them the battery is empty."""
        total = len(self.scans) + number
        self.on_scan = lambda scan: self.kill() if len(self.scans) == total else None
        with suppress(Error):
            self.scan(codes)
            raise AssertionError("The browser was not killed.")
        self.on_scan = lambda scan: None

    def kill(self) -> None:
        """End the browser as an empty battery does: nothing can be written any more."""
        option = f"--user-data-dir={self.folder}"
        for process in psutil.process_iter(["cmdline"]):
            if option in (process.info["cmdline"] or []):
                with suppress(psutil.NoSuchProcess):
                    process.kill()

    def restart(self, **options) -> None:
        self.close()
        self.start(**options)

    def set_offline(self, is_offline: bool) -> None:
        self.context.set_offline(is_offline)

    def expect_unsent(self, number: int) -> None:
        expect(self.page.locator("#state")).to_contain_text(f"to send: {number}")

    def count_unsent(self) -> int:
        expect(self.page.locator("#state")).to_contain_text("to send: ")
        return int(self.page.locator("#state").text_content().rpartition("to send: ")[2])

    def synchronise(self) -> None:
        """Instead of waiting for the next contact."""
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def close(self) -> None:
        self.context.close()
