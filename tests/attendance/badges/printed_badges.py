"""What poppler reads from a PDF of badges."""

import io
import re
import subprocess
from html import unescape
from typing import NamedTuple

from PIL import Image

from attendance.badges.badge_layouts import LAYOUTS, BadgeLayout

POINTS_PER_MM = 72 / 25.4
PIXELS_PER_MM = 8
PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
WORD = re.compile(r'<word xMin="(-?[\d.]+)" yMin="(-?[\d.]+)" xMax="(-?[\d.]+)" yMax="(-?[\d.]+)">(.*?)</word>')


class Word(NamedTuple):
    """A word, and its box in millimetres from the top left corner of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class Page(NamedTuple):
    width: float
    height: float
    words: list[Word]


def run(program: str, *arguments: str, pdf: bytes) -> bytes:
    return subprocess.run([program, *arguments], input=pdf, capture_output=True, check=True, timeout=120).stdout


def read_pages(pdf: bytes) -> list[Page]:
    pages = PAGE.findall(run("pdftotext", "-bbox", "-", "-", pdf=pdf).decode())
    return [
        Page(to_mm(width), to_mm(height), list(map(make_word, WORD.findall(words)))) for width, height, words in pages
    ]


def make_word(found: tuple[str, ...]) -> Word:
    *edges, text = found
    return Word(unescape(text), *map(to_mm, edges))


def to_mm(points: str) -> float:
    return float(points) / POINTS_PER_MM


def split_badges(pdf: bytes, name: str) -> list[list[list[str]]]:
    """Return the words of each place for a badge on each page. Fails if a word leaves the place that it begins in."""
    layout = LAYOUTS[name]
    return [split_page(page, layout) for page in read_pages(pdf)]


def split_page(page: Page, layout: BadgeLayout) -> list[list[str]]:
    assert (round(page.width), round(page.height)) == (layout.page_width, layout.page_height)
    across = (page.width - layout.columns * layout.width) / 2
    down = (page.height - layout.rows * layout.height) / 2
    places = [[] for _place in range(layout.columns * layout.rows)]
    for word in page.words:
        column, row = int((word.left - across) // layout.width), int((word.top - down) // layout.height)
        left, top = across + column * layout.width, down + row * layout.height
        # No printer prints to the very edge of a sheet, and nobody cuts exactly on the line.
        margin = layout.padding / 2
        assert word.left >= left + margin, word
        assert word.right <= left + layout.width - margin, word
        assert word.top >= top + margin, word
        assert word.bottom <= top + layout.height - margin, word
        places[row * layout.columns + column].append(word.text)
    return places


def read_picture(pdf: bytes, page: int = 1) -> Image.Image:
    """The page as a printer sees it, in grey."""
    arguments = ["-r", str(PIXELS_PER_MM * 25.4), "-gray", "-f", str(page), "-singlefile", "-"]
    return Image.open(io.BytesIO(run("pdftoppm", *arguments, pdf=pdf)))
