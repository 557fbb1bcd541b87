"""Codes are read through a camera, in Chromium a fake one, and from pictures: by static/door/scanner.js."""

import json
import random

import pytest
from playwright.sync_api import Page, expect

from attendance.models import CheckIn
from attendance.operations import create_pairing
from bench.spoiled_codes import make_empty_frame, make_text, spoil
from tests.browser.camera_film import open_camera_browser, write_film
from tests.factories import make_event, make_registration
from tests.waiting import TIMEOUT, wait_for

FIRST, SECOND = make_text(random.Random(1)), make_text(random.Random(2))
PAGE = "<!doctype html><html lang=en><title>Scanner</title><video></video><input type=file>"
START = """async () => {
    const seen = window.seen = [];
    const problems = window.problems = [];
    const {startScanner} = await import("/static/door/scanner.js");
    window.scanner = await startScanner({
        video: document.querySelector("video"),
        onCode: text => seen.push(text),
        onProblem: name => problems.push(name),
    });
}"""
READ_PICTURE = """async () => {
    const {readPicture} = await import("/static/door/scanner.js");
    return readPicture(document.querySelector("input").files[0]);
}"""


@pytest.fixture(scope="module")
def camera_browser(browser, tmp_path_factory):
    film = write_film(
        tmp_path_factory.mktemp("film") / "codes.y4m", [FIRST, "", SECOND], size=(320, 240), frames_each=3
    )
    with open_camera_browser(browser, film) as one:
        yield one


@pytest.fixture
def page(camera_browser, live_server):
    """An empty page of the site with a video."""
    context = camera_browser.new_context(base_url=live_server.url)
    context.set_default_timeout(TIMEOUT * 1000)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route("**/scanner-test", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page.goto("/scanner-test")
    yield page
    context.close()
    assert errors == []


def read_picture(page: Page, content: bytes, kind: str = "image/png") -> str | None:
    page.set_input_files("input", {"name": "photo", "mimeType": kind, "buffer": content})
    return page.evaluate(READ_PICTURE)


def wait_until(page: Page, condition: str) -> None:
    page.wait_for_function(condition)


def hide(page: Page, is_hidden: bool) -> None:
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', {get: () => hidden, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange')); }",
        is_hidden,
    )


def hurry(page: Page) -> None:
    page.evaluate(
        "const wait = setTimeout; window.setTimeout = (act, ms, ...rest) => wait(act, ms / 10, ...rest); null"
    )


def stub_detector(page: Page, body: str, formats: str = '["qr_code"]') -> None:
    page.evaluate(
        "window.asked = 0; window.BarcodeDetector = class {"
        f"static async getSupportedFormats() {{ return {formats}; }}"
        f"async detect(source) {{ window.asked++; {body} }} }}; null"
    )


def test_the_camera_reads_one_code_after_another_each_once(page):
    page.evaluate(START)
    wait_until(page, "seen.length >= 2")
    shown = page.evaluate("document.querySelector('video').currentTime")
    wait_until(page, f"document.querySelector('video').currentTime > {shown + 1}")  # the film began again
    assert sorted(page.evaluate("seen")) == sorted([FIRST, SECOND])
    assert page.evaluate("problems") == []


def test_a_code_that_has_left_the_picture_is_read_again_and_one_that_was_blurred_for_a_moment_is_not(page):
    shown = ["a", "a", *[""] * 15, "a", *[""] * 25, "a", "b", "a"]
    stub_detector(page, f"const text = {shown}[asked - 1]; return text ? [{{rawValue: text, boundingBox: {{}}}}] : [];")
    hurry(page)
    page.evaluate(START)
    wait_until(page, f"asked > {len(shown)}")
    assert page.evaluate("seen.filter(text => text.length === 1)") == ["a", "a", "b"]


def test_a_stopped_scanner_gives_the_camera_back_and_reads_nothing(page):
    page.evaluate(START)
    wait_until(page, "seen.length >= 1")
    page.evaluate("window.track = document.querySelector('video').srcObject.getTracks()[0]; null")
    before = page.evaluate("scanner.stop(), window.stopped = seen, seen.length")
    assert page.evaluate("[track.readyState, document.querySelector('video').srcObject]") == ["ended", None]
    page.evaluate(START)
    wait_until(page, "seen.length >= 2")
    assert page.evaluate("stopped.length") == before


def test_who_comes_back_to_the_page_gets_a_new_stream(page):
    page.evaluate(START)
    wait_until(page, "seen.length >= 1")
    page.evaluate("window.track = document.querySelector('video').srcObject.getTracks()[0]; null")
    hide(page, True)
    assert page.evaluate("[track.readyState, document.querySelector('video').srcObject]") == ["ended", None]
    hide(page, False)
    wait_until(page, "document.querySelector('video').currentTime > 0")
    assert page.evaluate("document.querySelector('video').srcObject.getTracks()[0].readyState") == "live"
    wait_until(page, "seen.length >= 2")


def test_a_page_that_is_left_while_the_browser_asks_keeps_no_camera(page):
    page.evaluate(
        "const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
        "navigator.mediaDevices.getUserMedia = async wish => {"
        "  const stream = await ask(wish); window.track = stream.getTracks()[0];"
        "  await new Promise(resolve => window.allow = resolve); return stream; }; null"
    )
    page.evaluate(f"void ({START})()")
    wait_until(page, "Boolean(window.allow)")
    hide(page, True)
    page.evaluate("allow()")
    wait_until(page, "track.readyState === 'ended'")
    assert page.evaluate("[document.querySelector('video').srcObject, problems]") == [None, []]


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        ("NotAllowedError", "NotAllowedError"),
        ("NotFoundError", "NotFoundError"),
        ("NotReadableError", "NotReadableError"),
        ("AbortError", "NotReadableError"),
    ],
)
def test_a_camera_that_does_not_start_says_why(page, error, problem):
    page.evaluate(
        f"navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('', '{error}'); }}; null"
    )
    page.evaluate(START)
    assert page.evaluate("problems") == [problem]
    assert page.evaluate("[scanner.hasTorch, seen]") == [False, []]


def test_a_page_without_https_says_so(page):
    page.evaluate("Object.defineProperty(navigator, 'mediaDevices', {value: undefined}); null")
    page.evaluate(START)
    assert page.evaluate("problems") == ["InsecureContext"]


def test_a_browser_that_starts_no_worker_says_so(page):
    page.route("**/door/decoder.js", lambda route: route.abort())
    page.evaluate(START)
    wait_until(page, "problems.length")
    assert page.evaluate("problems") == ["NoDecoder"]


def test_the_torch_is_there_if_the_camera_has_one_and_stays_on_until_it_is_another_camera(page):
    page.evaluate(START)
    assert page.evaluate("scanner.hasTorch") is False
    assert page.evaluate("scanner.toggleTorch()") is False
    page.evaluate(
        "MediaStreamTrack.prototype.getCapabilities = () => ({torch: true});"
        "window.asked = []; MediaStreamTrack.prototype.applyConstraints = async wish => { asked.push(wish); }; null"
    )
    assert page.evaluate("scanner.hasTorch") is True
    assert page.evaluate("scanner.toggleTorch()") is True
    assert page.evaluate("scanner.toggleTorch()") is False
    assert page.evaluate("scanner.toggleTorch()") is True
    hide(page, True)
    hide(page, False)
    wait_until(page, "asked.length >= 4")
    assert page.evaluate("asked.map(one => one.advanced[0].torch)") == [True, False, True, True]
    assert page.evaluate("scanner.switchCamera()") == "user"
    assert page.evaluate("scanner.toggleTorch()") is True
    assert page.evaluate("scanner.switchCamera()") == "environment"


NEAR, FAR = {"x": 140, "y": 100, "width": 40, "height": 40}, {"x": 0, "y": 0, "width": 40, "height": 40}


def test_the_browsers_own_detector_is_asked_first_and_the_code_in_the_middle_counts(page):
    codes = [{"rawValue": "far", "boundingBox": FAR}, {"rawValue": "near", "boundingBox": NEAR}]
    stub_detector(page, f"return {json.dumps(codes)};")
    page.evaluate(START)
    wait_until(page, "asked >= 5")
    assert page.evaluate("seen") == ["near"]


@pytest.mark.parametrize(
    ("body", "formats"),
    [
        ("throw new Error('broken');", '["qr_code"]'),
        ("return [];", '["qr_code"]'),
        ("return new Promise(() => {});", '["qr_code"]'),
        ("return [{rawValue: 'a shop’s bar code'}];", '["ean_13"]'),
    ],
    ids=["fails", "sees nothing", "never answers", "reads other codes only"],
)
def test_where_the_browsers_own_detector_is_of_no_use_ours_reads(page, body, formats):
    stub_detector(page, body, formats)
    page.evaluate(
        "const wait = setTimeout; window.setTimeout = (act, ms, ...rest) => wait(act, ms / 10, ...rest); null"
    )
    page.evaluate(START)
    wait_until(page, "seen.length >= 2")
    assert set(page.evaluate("seen")) == {FIRST, SECOND}


@pytest.mark.parametrize("kind", ["blurred", "cracked"])
def test_a_spoiled_picture_is_read(page, kind):
    picture = spoil(kind, random.Random(7))
    assert read_picture(page, picture.file) == picture.text


def test_what_is_no_picture_of_a_code_is_nothing(page):
    assert read_picture(page, FIRST.encode(), "text/plain") is None
    assert read_picture(page, make_empty_frame()) is None


ASK_DECODER = """path => new Promise(resolve => {
    const worker = new Worker(path, {type: "module"});
    worker.onmessage = ({data}) => resolve(data);
    worker.onerror = () => resolve("not started");
    worker.postMessage({image: new ImageData(64, 64), round: 0});
})"""


def test_the_decoder_starts_without_a_network_from_below_the_door_only(browser, live_server):
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    page.goto("/door/")
    page.evaluate("""async () => {
        await navigator.serviceWorker.register("/door/worker.js");
        await navigator.serviceWorker.ready;
    }""")
    page.reload()
    wait_until(page, "Boolean(navigator.serviceWorker.controller)")
    context.set_offline(True)
    paths = ["/door/decoder.js", "/static/door/decoder.js?is-not-cached"]
    assert [page.evaluate(ASK_DECODER, path) for path in paths] == [None, "not started"]
    context.close()


def test_a_paired_phone_that_opens_its_page_without_a_network_reads_a_ticket(browser, live_server, tmp_path):
    event = make_event()
    person = make_registration(event, first_name="Anna", last_name="Ozola")
    person.refresh_from_db()
    film = write_film(tmp_path / "ticket.y4m", [f"HTTPS://CONFERENCE.LNB.LV/D/{person.ticket_code}"], size=(320, 240))
    with open_camera_browser(browser, film) as phone:
        context = phone.new_context(base_url=live_server.url, locale="en-LV")
        context.set_default_timeout(TIMEOUT * 1000)
        page = context.new_page()
        page.goto(f"/door/pair/{create_pairing(event, None, None)}/")
        page.locator("[name=name]").fill("Phone")
        page.locator("main form button[type=submit]").click()
        expect(page.locator("#state")).to_contain_text("people: 1")
        wait_for(lambda: page.evaluate("navigator.serviceWorker.controller !== null"))
        context.set_offline(True)
        page.reload()
        page.locator("#camera-start").click()
        expect(page.locator("#verdict")).to_contain_text("Welcome")
        expect(page.locator("#verdict")).to_contain_text("Anna Ozola")
        assert not CheckIn.objects.exists()
        context.set_offline(False)
        wait_for(lambda: CheckIn.objects.filter(registration=person, method="scan").exists())
