"""The og:image of an event: its title, date and place above a shelf of books."""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import get_language

from conference import event_banner
from conference.colors import LIGHT
from conference.models import Event

WIDTH, HEIGHT = 1200, 630  # pixels; also the size of the page in the layout
LAYOUT = Path(__file__).parent / "typst" / "og_image.typ"
FONTS = settings.BASE_DIR / "static" / "vendor" / "literata-5.3.0"
LAYOUT_HASH = hashlib.sha256(LAYOUT.read_bytes()).hexdigest()
MAX_TITLE_LENGTH = 500  # more than fits in the smallest font size
COLORS = [LIGHT[name] for name in ("carmine", "ochre", "slate", "moss", "sand")]
SHADES = {**dict(zip("12345", COLORS, strict=True)), "bands": f"{LIGHT['stamp']}8c"}  # of the banner's books
# The visible width of the banner, in its own pixels, so that books have the same size with and without a picture.
SHELF_WIDTH, SHELF_WIDTH_BESIDE_PICTURE = 960, 630


def hash_image(event: Event) -> str:
    """Return a hash that changes whenever the image does. No query if the venue is loaded."""
    return hashlib.sha256(json.dumps([LAYOUT_HASH, collect_content(event)]).encode()).hexdigest()


def collect_content(event: Event) -> dict:
    """Return everything that the image shows, except the books, which depend only on the title."""
    title = Truncator(" ".join(str(event.title).split())).chars(MAX_TITLE_LENGTH)
    place = ", ".join(filter(None, [str(event.venue.name), str(event.venue.city)]))
    return {
        "language": get_language(),
        "title": title,
        "about": [event.when.rpartition(" (")[0], place],
        "picture": event.picture_id,
        "colors": {name: LIGHT[name] for name in ("background", "text", "carmine", "slate")},
    }


def render_image(event: Event) -> bytes:
    """Return the image in the active language as PNG."""
    import typst  # few requests need it, and it is large

    shown = collect_content(event)
    books = draw_shelf_svg(shown["title"], SHELF_WIDTH_BESIDE_PICTURE if event.picture_id else SHELF_WIDTH)
    # Passed as data, not as source, so that typed text cannot become markup.
    inputs = {"shown": json.dumps({**shown, "shelf": books})}
    if event.picture_id:
        inputs["picture"] = json.dumps(list(bytes(event.picture.content)))
    options = {"format": "png", "ppi": 72, "font_paths": [FONTS], "ignore_system_fonts": True}
    # The folder of the layout, which holds nothing else, is the only one that typst can read.
    return typst.compile(LAYOUT, root=LAYOUT.parent, sys_inputs=inputs, **options)


def draw_shelf_svg(title: str, width: int) -> str:
    """Return the banner of this title as SVG, cut off at `width` of its own pixels."""
    paths = "".join(
        f'<path fill="{SHADES[shade]}" d="{path}"/>' for shade, path in event_banner.draw_shelf(title).items()
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {event_banner.HEIGHT}">{paths}</svg>'
