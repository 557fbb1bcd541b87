"""What a fake camera shows: films of QR codes, and browsers that take one for their camera."""

from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path

import segno
from PIL import Image
from playwright.sync_api import Browser

from tests.browser.chromium import CHROMIUM

GREY = bytes([128])  # no colour


def write_film(path: Path, texts: Iterable[str], *, size=(640, 480), rate: int = 10, frames_each: int = 5) -> Path:
    """Write a film that shows the code of each text for so many frames, of `rate` a second; "" shows none.

    Chromium begins again at its end. 1.5 bytes a pixel and frame: for hundreds of codes, take small frames and few.
    """
    width, height = size
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{width} H{height} F{rate}:1 Ip A1:1 C420\n".encode())
        for text in texts:
            film.write((b"FRAME\n" + draw_frame(text, size) + GREY * (width * height // 2)) * frames_each)
    return path


def draw_frame(text: str, size: tuple[int, int]) -> bytes:
    """Return the brightness of each pixel: the code in the middle of a grey table."""
    frame = Image.new("L", size, 110)
    if text:
        code = segno.make(text, error="m", micro=False, boost_error=False)
        scale = int(min(size) * 0.9) // code.symbol_size(border=4)[0]
        rows = [bytes(16 if is_dark else 235 for is_dark in row) for row in code.matrix_iter(scale=scale, border=4)]
        picture = Image.frombytes("L", (len(rows[0]), len(rows)), b"".join(rows))
        frame.paste(picture, tuple((side - part) // 2 for side, part in zip(size, picture.size, strict=True)))
    return frame.tobytes()


def list_camera_arguments(film: Path) -> list[str]:
    """What makes chromium take the film for its camera, which all pages may use."""
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    return [*flags, f"--use-file-for-fake-video-capture={film}"]


@contextmanager
def open_camera_browser(browser: Browser, film: Path, **options):
    """A further browser whose camera shows the film and may be used by all pages. To be used with `with`."""
    arguments = [*list_camera_arguments(film), *options.pop("args", [])]
    one = browser.browser_type.launch(executable_path=CHROMIUM, args=arguments, **options)
    try:
        yield one
    finally:
        one.close()
