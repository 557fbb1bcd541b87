"""How many codes on spoiled pictures of tickets each decoder reads, and how long a frame takes on a slow phone.

    .venv/bin/python -m bench.scan [seed] [--others]

“ours, n frames” is what static/door/code_reader.js reads when the code is held still for so many. With `--others`,
the decoders that were considered are fetched from npm, into a folder that is removed afterwards. Exits with 1 when
ours reads less than GOAL. `bench/spoiled_codes.py` says how the pictures were chosen.
"""

import contextlib
import functools
import http.server
import statistics
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.load import ROOT
from bench.phone import CPU_SLOWDOWN
from bench.spoiled_codes import KINDS, Spoiled, make_empty_frame, make_spoiled_codes
from tests.browser.chromium import CHROMIUM

GOAL = 0.99
FRAMES = 4  # a fifth of a second: as many as there are other ways to try
CAMERA = (640, 480)  # of a cheap phone, for the time of a frame

OTHERS = {"zxing-wasm": "3.1.4", "jsqr": "1.4.0", "@zxing/library": "0.21.3"}
OURS = """
    const {readFrame, readStill} = await import("/static/door/code_reader.js");
    const {decodeQR} = await import("/static/vendor/qr-0.7.0/decode.js");
    const readFrames = (image, count) => {
        for (let round = 0; round < count; round++) {
            const text = readFrame(image, round);
            if (text !== null) return text;
        }
    };
    window.decoders = {
        "qr alone": image => decodeQR(image),
        "ours, 1 frame": image => readFrame(image, 0),
        "ours, FRAMES frames": image => readFrames(image, FRAMES),
        "ours, a photo": readStill,
    };
"""
LOAD_OTHERS = """
    const {readBarcodes, prepareZXingModule} = await import("/npm/zxing-wasm/dist/es/reader/index.js");
    const wasm = "/npm/zxing-wasm/dist/reader/zxing_reader.wasm";
    await prepareZXingModule({overrides: {locateFile: () => wasm}, fireImmediately: true});
    for (const path of ["jsqr/dist/jsQR.js", "@zxing/library/umd/index.min.js"]) {
        const script = document.createElement("script");
        script.src = `/npm/${path}`;
        document.head.append(script);
        await new Promise(resolve => script.onload = resolve);
    }
    const readByZxing = ({data, width, height}) => {
        const grey = new Uint8ClampedArray(width * height).map((_none, at) => data[4 * at]);
        const source = new ZXing.HybridBinarizer(new ZXing.RGBLuminanceSource(grey, width, height));
        const hints = new Map([[ZXing.DecodeHintType.TRY_HARDER, true]]);
        return new ZXing.QRCodeReader().decode(new ZXing.BinaryBitmap(source), hints).getText();
    };
    Object.assign(decoders, {
        "zxing-wasm": async image => (await readBarcodes(image, {formats: ["QRCode"], tryHarder: true}))[0]?.text,
        "jsqr": image => jsQR(image.data, image.width, image.height)?.data,
        "@zxing/library": readByZxing,
    });
"""
# Each decoder is given its own copy, as some write into it.
READ = """async ([path, name, size]) => {
    const bitmap = await createImageBitmap(await (await fetch(path)).blob());
    const [width, height] = size ?? [bitmap.width, bitmap.height];
    const context = new OffscreenCanvas(width, height).getContext("2d", {willReadFrequently: true});
    context.drawImage(bitmap, (width - bitmap.width) / 2, (height - bitmap.height) / 2);
    const image = context.getImageData(0, 0, width, height);
    const start = performance.now();
    let text = null;
    try { text = await decoders[name](image); } catch { /* most throw when there is none */ }
    return [text ?? "", performance.now() - start];
}"""


class Pictures(http.server.SimpleHTTPRequestHandler):
    """Serves the site's scripts and a folder of pictures and packages."""

    def log_message(self, *_args):
        pass

    def translate_path(self, path: str) -> str:
        return str(ROOT / path[1:]) if path.startswith("/static/") else super().translate_path(path)


@contextlib.contextmanager
def serve(folder: str) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Pictures, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def fetch_others(folder: Path) -> None:
    """Put the packages, as they are published, below npm/."""
    for name, version in OTHERS.items():
        target = folder / "npm" / name
        target.mkdir(parents=True)
        packed = ["npm", "pack", "--silent", f"{name}@{version}"]
        archive = subprocess.run(packed, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
        subprocess.run(["tar", "xzf", archive, "--strip-components=1", "-C", target], cwd=folder, check=True)


def compare(page: Page, spoiled: list[Spoiled]) -> bool:
    """Print what each decoder reads; whether ours misses the goal."""
    shares = {}
    print(f"{'':22}{'read':>7}{'ms p50':>8}{'p95':>6}  not read")
    for name in page.evaluate("Object.keys(decoders)"):
        results = [page.evaluate(READ, [f"/{number}.png", name, None]) for number in range(len(spoiled))]
        missed = Counter(one.kind for one, (text, _ms) in zip(spoiled, results, strict=True) if text != one.text)
        wrong = sum(text not in ("", one.text) for one, (text, _ms) in zip(spoiled, results, strict=True))
        shares[name] = 1 - missed.total() / len(spoiled)
        print(f"{name:22}{shares[name]:>7.1%}{describe([ms for _text, ms in results])}  {dict(missed)}, wrong: {wrong}")
    return shares[f"ours, {FRAMES} frames"] < GOAL


def describe(times: list[float]) -> str:
    return f"{statistics.median(times):>8.1f}{statistics.quantiles(times, n=20)[-1]:>6.0f}"


def time_slow_phone(page: Page, count: int) -> None:
    """Print how long a frame of a small camera takes at a quarter of the speed: with a code to read, and with none.

    The browser slows down the page's own thread only, so it is not in the worker here.
    """
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    for title, path in (("a code in each", "/{}.png"), ("no code", "/empty.png")):
        times = [
            page.evaluate(READ, [path.format(number), "ours, 1 frame", CAMERA])[1] for number in range(0, count, 4)
        ]
        print(f"one frame of {CAMERA[0]} × {CAMERA[1]}, {CPU_SLOWDOWN} × slower, {title}: ms p50, p95{describe(times)}")


def main() -> int:
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    spoiled = make_spoiled_codes(seed=numbers[0] if numbers else 1)
    with tempfile.TemporaryDirectory() as folder, serve(folder) as site, sync_playwright() as playwright:
        for number, one in enumerate(spoiled):
            Path(folder, f"{number}.png").write_bytes(one.file)
        Path(folder, "empty.png").write_bytes(make_empty_frame())
        Path(folder, "index.html").write_text("<!doctype html><title>Decoders</title>", encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page()
        page.goto(site)
        page.evaluate(f"(async () => {{ {OURS.replace('FRAMES', str(FRAMES))} }})()")
        if "--others" in sys.argv:
            fetch_others(Path(folder))
            page.evaluate(f"(async () => {{ {LOAD_OTHERS} }})()")
        print(f"{len(spoiled)} pictures, {len(spoiled) // len(KINDS)} each: {', '.join(KINDS)}")
        failed = compare(page, spoiled)
        time_slow_phone(page, len(spoiled))
        browser.close()
    return failed


if __name__ == "__main__":
    sys.exit(main())
