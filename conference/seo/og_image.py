"""The picture that other sites show beside a link to an event: its title, when and where, and books on a shelf."""

import hashlib
import json
from pathlib import Path

import typst
from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import get_language

from conference.banner import HEIGHT as SHELF_HEIGHT
from conference.banner import draw_shelf
from conference.models import Event

WIDTH, HEIGHT = 1200, 630  # pixels; also the size of the page in the layout
LAYOUT = Path(__file__).parent / "typst" / "og_image.typ"
FONTS = settings.BASE_DIR / "static" / "vendor" / "literata-5.3.0"
LAYOUT_HASH = hashlib.sha256(LAYOUT.read_bytes()).hexdigest()
# More than fit in the smallest letters.
MAX_TITLE_LENGTH = 500

# Of the books, by the shades that the drawing has: as on the site's pages when it is light.
COLOURS = {"1": "#8a1c2f", "2": "#c98b2b", "3": "#3d5a73", "4": "#5f7150", "5": "#d8cbb0", "bands": "#fbf9f48c"}
# How much of the drawing is shown, in its own pixels, so that the books are as large with a picture and without.
SHELF_WIDTH, SHELF_WIDTH_BESIDE_PICTURE = 960, 630


def hash_image(event: Event) -> str:
    """Changes whenever the picture does. Costs no query where the venue is at hand."""
    return hashlib.sha256(json.dumps([LAYOUT_HASH, collect_texts(event)]).encode()).hexdigest()


def collect_texts(event: Event) -> dict:
    """Everything that the picture shows, but for the books, which only depend on the title."""
    title = Truncator(" ".join(str(event.title).split())).chars(MAX_TITLE_LENGTH)
    place = ", ".join(filter(None, [str(event.venue.name), str(event.venue.city)]))
    return {
        "language": get_language(),
        "title": title,
        "about": [event.when.rpartition(" (")[0], place],
        "picture": event.picture_id,
    }


def render_image(event: Event) -> bytes:
    """The picture of `event` in the active language as PNG."""
    shown = collect_texts(event)
    books = draw_shelf_svg(shown["title"], SHELF_WIDTH_BESIDE_PICTURE if event.picture_id else SHELF_WIDTH)
    # As data, not as source: whatever was typed is text there, never markup.
    inputs = {"shown": json.dumps({**shown, "shelf": books})}
    if event.picture_id:
        inputs["picture"] = json.dumps(list(bytes(event.picture.content)))
    return typst.compile(
        LAYOUT,
        root=LAYOUT.parent,  # the only folder that it can read: it holds nothing but the layout
        format="png",
        ppi=72,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs=inputs,
    )


def draw_shelf_svg(title: str, width: int) -> str:
    """The title's shelf of books as a picture of this width in the drawing's own pixels, cut off at the right.

    The same title always gives the same one; nothing of the title itself is in it.
    """
    paths = "".join(f'<path fill="{COLOURS[shade]}" d="{path}"/>' for shade, path in draw_shelf(title).items())
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {SHELF_HEIGHT}">{paths}</svg>'
